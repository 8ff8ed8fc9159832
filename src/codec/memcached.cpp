#include "framewire/codec/memcached.hpp"

#include "value_decoder.ipp"

namespace framewire {
namespace {

constexpr std::array<line_rules::verb, 9> memcached_verbs{{{"set", 5, 5},
                                                           {"add", 5, 5},
                                                           {"replace", 5, 5},
                                                           {"append", 5, 5},
                                                           {"prepend", 5, 5},
                                                           {"cas", 5, 6},
                                                           {"ms", 3, 3},
                                                           {"VALUE", 4, 4},
                                                           {"VA", 2, 2}}};
constexpr line_rules memcached_rules{.verbs = memcached_verbs, .others = true};

}  // namespace

memcached_scanner::memcached_scanner() noexcept : line_scanner(memcached_rules) {}

template class value_decoder<memcached_scanner>;

}  // namespace framewire
