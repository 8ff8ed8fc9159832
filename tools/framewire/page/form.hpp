#pragma once

#include "cli/json.hpp"
#include "cli/protocols.hpp"
#include "framewire/service/service.hpp"
#include "framewire/transcript/transcript.hpp"
#include "walkthrough/chunking.hpp"

#include <string>
#include <string_view>

namespace framewire {

/// What a filled in form asks for.
struct wanted_walk {
    transcript conversation;
    chunking cuts;
    service_factory service;
};

/// What is wrong with a form, and in which field; in none if `field` is empty.
struct form_fault {
    std::string field;
    failure why;
};

/// The form as it is filled in when the page comes: with what leads to this conversation. `named`
/// is the protocol that was asked for, if one was.
[[nodiscard]] json_value first_form(const transcript& conversation, const chunking& cuts,
                                    const protocol* named);

/// Reads a form that comes back, as JSON: `framing` (a spec, or a protocol's name), `service`
/// (empty: the protocol's), `kind` (`messages`, one a line; `bytes`, in any way that people paste
/// them) of `text`, and `cut` (`chunk`, `chunks`, `splits`) with the numbers in `at`.
[[nodiscard]] tl::expected<wanted_walk, form_fault> read_form(std::string_view body);

}  // namespace framewire
