#pragma once

#include "framewire/codec/detail/line_scanner.hpp"

#include <string_view>

namespace framewire {

/// A command or reply of beanstalkd (beanstalkd, doc/protocol.txt): a line, and after `put`,
/// `RESERVED`, `FOUND` and `OK` the data whose size is its last word.
class beanstalkd_scanner : public line_scanner {
public:
    static constexpr std::string_view name = "a line of beanstalkd";
    static constexpr auto own = grammar::beanstalkd;

    beanstalkd_scanner() noexcept;
    void reset() noexcept { *this = {}; }
};

extern template class value_decoder<beanstalkd_scanner>;

/// `beanstalkd`: a payload is one of them.
using beanstalkd = value_codec<beanstalkd_scanner>;
static_assert(codec<beanstalkd>);

}  // namespace framewire
