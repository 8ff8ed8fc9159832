#pragma once

#include "framewire/codec/detail/line_scanner.hpp"

#include <string_view>

namespace framewire {

/// A message of the NATS client protocol (docs.nats.io, "NATS Protocol"): a line, and after `PUB`,
/// `HPUB`, `MSG` and `HMSG` the data whose size is its last word.
class nats_scanner : public line_scanner {
public:
    static constexpr std::string_view name = "a message of NATS";
    static constexpr auto own = grammar::nats;

    nats_scanner() noexcept;
    void reset() noexcept { *this = {}; }
};

extern template class value_decoder<nats_scanner>;

/// `nats`: a payload is one of them.
using nats = value_codec<nats_scanner>;
static_assert(codec<nats>);

}  // namespace framewire
