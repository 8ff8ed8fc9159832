#pragma once

#include "framewire/codec/framing.hpp"

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace framewire {

class spec_reader;

/// One row of the table of framings, as `framewire framings` lists it.
struct framing_row {
    /// `digits`; several are separated by spaces.
    std::string_view names;
    /// `digits:W[,pad=zero|space][,count=bytes|chars]`
    std::string_view grammar;
    std::string_view meaning;
    /// A spec and a payload as an example.
    std::string_view example_spec;
    std::string_view example_payload;
    /// Parses what is specific to this framing.
    result<framing> (*parse)(std::string_view text, spec_reader& spec);

    /// The row's `parse` for the codec `C`, whose `parse` may return a variant of codecs.
    template <class C>
    static result<framing> read(std::string_view text, spec_reader& spec) {
        return C::parse(spec).map([&](const auto& codec) { return of(text, codec); });
    }

private:
    static framing of(std::string_view text, const auto& codec) {
        return {std::string(text), every_codec::any_codec(codec)};
    }
    // A row for several codecs.
    template <class... Codecs>
    static framing of(std::string_view text, const std::variant<Codecs...>& any) {
        return std::visit([&](const auto& codec) { return of(text, codec); }, any);
    }
};

/// Every framing, in the order of the documentation.
[[nodiscard]] std::span<const framing_row> framing_table() noexcept;

/// A framing named after what uses it; options may follow the name as they follow a spec.
struct framing_preset {
    std::string_view name;
    /// Other names that people search for, separated by spaces.
    std::string_view aliases;
    std::string_view spec;
    std::string_view meaning;
    /// The specification that says how it is framed: `RFC 1035, 4.2.2`.
    std::string_view source;
    /// A payload, with escapes (`take_unescaped`).
    std::string_view example;
    /// Receivers of these messages do not answer them.
    bool is_one_way = false;
    /// With the option `first`: the payload of a client's first frame, with escapes.
    std::string_view first_example{};
    /// The field of use, one of `preset_fields()`.
    std::string_view field{};

    [[nodiscard]] bool has_name(std::string_view wanted) const noexcept;
};

/// All of them, those of a field of use together.
[[nodiscard]] std::span<const framing_preset> framing_presets() noexcept;
/// The one of this name or alias, or null.
[[nodiscard]] const framing_preset* find_preset(std::string_view name) noexcept;

/// A field of use, in which presets are grouped.
struct preset_field {
    std::string_view name;
    std::string_view title;
};

/// In the order of `framing_presets()`.
[[nodiscard]] std::span<const preset_field> preset_fields() noexcept;

/// Every name that a spec may begin with: framings, then presets and their aliases.
[[nodiscard]] std::vector<std::string_view> framing_names();

}  // namespace framewire
