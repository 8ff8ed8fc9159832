#pragma once

#include "cli/json.hpp"
#include "cli/protocols.hpp"
#include "framewire/service/service.hpp"
#include "framewire/transcript/transcript.hpp"
#include "walkthrough/chunking.hpp"

#include <string>
#include <string_view>

namespace framewire {

/// The request of a filled in form.
struct wanted_walk {
    transcript conversation;
    chunking cuts;
    service_factory service;
};

/// The fault of a form, and its field; empty if there is no single field.
struct form_fault {
    std::string field;
    failure why;
};

/// The initial form of the page, filled in for this conversation. `named` is the requested
/// protocol, or null.
[[nodiscard]] json_value first_form(const transcript& conversation, const chunking& cuts,
                                    const protocol* named);

/// Reads a submitted form, as JSON: `framing` (a spec, or a protocol's name), `service`
/// (empty: the protocol's), `kind` (`messages`, one a line; `bytes`, in any form that people paste
/// them) of `text`, and `cut` (`chunk`, `chunks`, `splits`) with the numbers in `at`.
[[nodiscard]] tl::expected<wanted_walk, form_fault> read_form(std::string_view body);

}  // namespace framewire
