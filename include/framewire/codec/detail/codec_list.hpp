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

/// The first alternatives, which most connections have.
inline constexpr std::size_t usual_alternatives = 3;

/// As `std::visit`, but one comparison after the other instead of a call through a table, which
/// the standard library makes of more than eleven alternatives: what is called can be inlined.
/// The first `Usual` alternatives are compared one by one, and the others by halves. Requires: the
/// variant has a value.
template <std::size_t Usual, std::size_t First, std::size_t Count, class Variant, class Act>
decltype(auto) visit_among(Variant& any, Act& act) {
    if constexpr (Count == 1) {
        return act(*std::get_if<First>(&any));
    } else {
        constexpr auto near = First < Usual ? 1 : Count / 2;
        if (any.index() < First + near) return visit_among<Usual, First, near>(any, act);
        return visit_among<Usual, First + near, Count - near>(any, act);
    }
}

template <std::size_t Usual = usual_alternatives, class Variant, class Act>
decltype(auto) visit_inline(Variant& any, Act&& act) {
    return visit_among<Usual, 0, std::variant_size_v<std::remove_const_t<Variant>>>(any, act);
}

/// A list of codecs, with variants of the codecs and of their decoders.
template <codec... Codecs>
struct codec_list {
    static constexpr std::size_t size = sizeof...(Codecs);
    using any_codec = std::variant<Codecs...>;
    using any_decoder =
        typename distinct_variant<std::variant<>, typename Codecs::decoder_type...>::type;
};

}  // namespace framewire
