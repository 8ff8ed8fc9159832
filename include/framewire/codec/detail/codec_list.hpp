#pragma once

#include "framewire/codec/codec.hpp"

#include <cstddef>
#include <type_traits>
#include <variant>

namespace framewire {

template <class Variant, class Next>
struct with_alternative;
template <class... Known, class Next>
struct with_alternative<std::variant<Known...>, Next>
    : std::conditional<(std::is_same_v<Known, Next> || ...), std::variant<Known...>,
                       std::variant<Known..., Next>> {};

/// A variant of these types without duplicates.
template <class Variant, class... Left>
struct distinct_variant {
    using type = Variant;
};
template <class Variant, class Next, class... Left>
struct distinct_variant<Variant, Next, Left...>
    : distinct_variant<typename with_alternative<Variant, Next>::type, Left...> {};

/// A list of codecs, with variants of the codecs and of their decoders.
template <codec... Codecs>
struct codec_list {
    static constexpr std::size_t size = sizeof...(Codecs);
    using any_codec = std::variant<Codecs...>;
    using any_decoder =
        typename distinct_variant<std::variant<>, typename Codecs::decoder_type...>::type;
};

}  // namespace framewire
