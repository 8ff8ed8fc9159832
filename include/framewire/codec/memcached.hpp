#pragma once

#include "framewire/codec/detail/line_scanner.hpp"

#include <string_view>

namespace framewire {

/// A command or reply of memcached's text protocol (memcached, doc/protocol.txt): a line, and
/// after storage commands and values the data whose size is one of its words.
class memcached_scanner : public line_scanner {
public:
    static constexpr std::string_view name = "a line of memcached";
    static constexpr auto own = grammar::memcached;

    memcached_scanner() noexcept;
    void reset() noexcept { *this = {}; }
};

extern template class value_decoder<memcached_scanner>;

/// `memcached`: a payload is one of them.
using memcached = value_codec<memcached_scanner>;
static_assert(codec<memcached>);

}  // namespace framewire
