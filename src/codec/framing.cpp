#include "framewire/codec/framing.hpp"

#include "framewire/core/units.hpp"
#include "spec_reader.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <iterator>

namespace framewire {
namespace {

constexpr std::array<framing_row, 3> table{{
    {"digits", "digits:W[,pad=zero|space][,count=bytes|chars]",
     "exactly W decimal digits: zeros in front, or blanks behind", "digits:10", "Hello",
     framing_row::read<digits>},
    {"fixed", "fixed:N", "every frame is N bytes", "fixed:16", "Greetings,server",
     framing_row::read<fixed>},
    {"raw", "raw", "no framing: what one read returns", "raw", "Hello", framing_row::read<raw>},
}};

std::string known_names() {
    std::string names;
    for (const auto& row : table) {
        fmt::format_to(std::back_inserter(names), "{}{}", names.empty() ? "" : ", ", row.name);
    }
    return names;
}

}  // namespace

std::span<const framing_row> framing_table() noexcept { return table; }

result<framing> framing::parse(std::string_view spec) {
    auto reader = spec_reader::split(spec);
    if (!reader) return tl::unexpected(reader.error());
    const auto* const row = std::ranges::find(table, reader->name().text, &framing_row::name);
    if (row == table.end()) {
        return reader->refuse(0, fmt::format("one of {}", known_names()));
    }
    auto parsed = row->parse(spec, *reader);
    if (!parsed) return parsed;
    if (const auto max = reader->take("max")) {
        const auto size = parse_size(max->text);
        if (!size) return reader->refuse(max->position, "a size such as 64KiB");
        parsed->max_ = *size;
    }
    if (const auto beyond = reader->take("oversize")) {
        if (beyond->text != "close" && beyond->text != "skip") {
            return reader->refuse(beyond->position, "close or skip");
        }
        parsed->beyond_ = beyond->text == "close" ? oversize::close : oversize::skip;
    }
    const bool argument_expected = row->grammar.find(':') != std::string_view::npos;
    if (auto rest = reader->finish(argument_expected); !rest) return tl::unexpected(rest.error());
    return parsed;
}

bool framing::is_raw() const noexcept { return std::holds_alternative<raw>(codec_); }

class decoder framing::decoder(std::uint64_t payload_bytes_max) const {
    const auto most = std::min(payload_bytes_max, max_.value_or(unknown_length - 1));
    return std::visit(
        [&](const auto& codec) {
            return framewire::decoder(
                codec.decoder({.payload_bytes_max = most, .beyond = beyond_}));
        },
        codec_);
}

tl::expected<void, errc> framing::encode(bytes payload, std::string& out) const {
    // `raw` has no frames that could be too large; its `max` is about reads.
    if (max_ && payload.size() > *max_ && !is_raw()) return tl::unexpected(errc::frame_too_large);
    return std::visit(
        [&](const auto& codec) {
            return codec.measure(payload)
                .and_then([&](std::uint64_t announced) { return codec.begin(announced, out); })
                .map([&] {
                    out += payload;
                    codec.end(out);
                });
        },
        codec_);
}

tl::expected<void, errc> framing::begin(std::uint64_t announced, std::string& out) const {
    if (max_ && announced > *max_ && !is_raw()) return tl::unexpected(errc::frame_too_large);
    return std::visit([&](const auto& codec) { return codec.begin(announced, out); }, codec_);
}

void framing::end(std::string& out) const {
    std::visit([&](const auto& codec) { codec.end(out); }, codec_);
}

}  // namespace framewire
