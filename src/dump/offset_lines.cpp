#include "offset_lines.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <functional>
#include <optional>

namespace framewire {
namespace {

// `*` must not turn a few lines into gigabytes.
constexpr std::uint64_t repeated_bytes_max = 64 * MiB;

enum class dump_form : std::uint8_t {
    none,
    colon,  // 00000010: 3035 4865  05He   (xxd)
    bars,   // 00000010  30 35 48 65  |05He|   (hexdump -C)
    wide,   // 0010   30 35 48 65   05He   (Wireshark)
};

struct offset_digits {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::uint64_t value = 0;
};

struct dump_line {
    std::uint64_t offset = 0;
    std::string bytes{};
};

std::optional<offset_digits> find_offset(const text_line& line) {
    constexpr std::size_t digits_min = 4;
    offset_digits found{.begin = line.begin()};
    found.end = hex_end(line.text, found.begin);
    if (found.end - found.begin < digits_min) return std::nullopt;
    const auto outcome =
        std::from_chars(&line.text[found.begin], line.text.data() + found.end, found.value, 16);
    if (outcome.ec != std::errc{}) return std::nullopt;
    return found;
}

dump_form form_of(const text_line& line) {
    const auto offset = find_offset(line);
    if (!offset) return dump_form::none;
    const auto rest = line.text.substr(offset->end);
    if (rest == ":" || rest.starts_with(": ")) return dump_form::colon;
    if (!rest.starts_with("  ")) return dump_form::none;
    if (rest.find('|') != std::string_view::npos) return dump_form::bars;
    return offset->value == 0 ? dump_form::wide : dump_form::none;
}

// The digits and the text of a line, which each form separates differently.
struct columns {
    std::size_t digits_begin = 0;
    std::size_t digits_end = 0;
    std::string_view text{};
};

// Two spaces end the digits of xxd; the gap after the eighth pair does not end Wireshark's.
columns divide(const text_line& line, dump_form form, std::size_t begin) {
    const auto text = line.text;
    begin = std::min(text.find_first_not_of(white_space, begin), text.size());
    if (form == dump_form::bars) {
        const auto bar = std::min(text.find('|', begin), text.size());
        return {begin, bar, text.substr(bar)};
    }
    const std::string_view gap = form == dump_form::colon ? "  " : "   ";
    const auto end = std::min(text.find(gap, begin), text.size());
    return {begin, end, trim(text.substr(end))};
}

std::string as_text(std::string_view input) {
    std::string out(input);
    const auto is_shown = [](char byte) { return byte >= ' ' && byte <= '~'; };
    std::ranges::replace_if(out, std::not_fn(is_shown), '.');
    return out;
}

std::string without_white_space(std::string_view text) {
    std::string out(text);
    std::erase_if(out, [](char byte) { return byte == ' ' || byte == '\t'; });
    return out;
}

// Spaces at the ends of a line get lost, and Wireshark has a gap after the eighth character.
bool is_same(std::string_view shown, std::string_view expected, dump_form form) {
    switch (form) {
        case dump_form::bars: return shown == expected;
        case dump_form::wide: return without_white_space(shown) == without_white_space(expected);
        default: return trim(shown) == trim(expected);
    }
}

result<void> check_text(const text_line& line, dump_form form, const columns& parts,
                        std::string_view input) {
    auto shown = parts.text;
    const auto position = static_cast<std::size_t>(shown.data() - line.text.data());
    if (form == dump_form::bars && !shown.empty()) {
        if (shown.size() < 2 || !shown.ends_with('|')) {
            return line.refuse(line.text.size(), "| after the text");
        }
        shown = shown.substr(1, shown.size() - 2);
    }
    if (shown.empty() || is_same(shown, as_text(input), form)) return {};
    return line.object(position,
                       fmt::format("the text {} does not match the bytes, which are {}",
                                   quote(shown), quote(as_text(input))),
                       "xxd -e and xxd -b print bytes in other ways; use xxd without options");
}

result<dump_line> read_line(const text_line& line, dump_form form) {
    const auto offset = find_offset(line);
    if (!offset) return line.refuse(line.begin(), "an offset of at least 4 hexadecimal digits");
    dump_line found{.offset = offset->value};
    auto begin = offset->end;
    if (form == dump_form::colon) {
        if (!line.text.substr(begin).starts_with(':')) {
            return line.refuse(begin, "a colon after the offset");
        }
        ++begin;
    }
    if (begin < line.text.size() && white_space.find(line.text[begin]) == std::string_view::npos) {
        return line.refuse(begin, "a space");
    }
    const auto parts = divide(line, form, begin);
    for (auto at = parts.digits_begin; at < parts.digits_end;) {
        const auto end = std::min(hex_end(line.text, at), parts.digits_end);
        if (end == at || (end - at) % 2 != 0 || (form != dump_form::colon && end - at != 2)) {
            return line.refuse(at, "pairs of hexadecimal digits");
        }
        append_pairs(line.text.substr(at, end - at), found.bytes);
        at = std::min(line.text.find_first_not_of(white_space, end), parts.digits_end);
        if (at == end && end < parts.digits_end) return line.refuse(end, "a space");
    }
    return check_text(line, form, parts, found.bytes).map([&] { return found; });
}

class dump_reader {
public:
    result<std::string> read(const std::vector<text_line>& lines) {
        const auto form = form_of(lines.front());
        for (const auto& line : lines) {
            if (trim(line.text) == "*") {
                if (last_.empty()) return line.refuse(line.begin(), "an offset and bytes first");
                repeated_ = true;
                continue;
            }
            auto found = read_line(line, form);
            if (!found) return tl::unexpected(found.error());
            if (!begin_) begin_ = found->offset;
            if (const auto filled = repeat_until(line, found->offset); !filled) {
                return tl::unexpected(filled.error());
            }
            if (const auto same = continues(line, found->offset); !same) {
                return tl::unexpected(same.error());
            }
            out_ += found->bytes;
            last_ = std::move(found->bytes);
        }
        if (repeated_) return lines.back().object(0, "after * a line with an offset is missing");
        return std::move(out_);
    }

private:
    [[nodiscard]] std::uint64_t next() const { return *begin_ + out_.size(); }

    result<void> repeat_until(const text_line& line, std::uint64_t offset) {
        if (!repeated_) return {};
        repeated_ = false;
        if (offset <= next()) return {};
        const auto size = offset - next();
        if (size > repeated_bytes_max) {
            return line.object(line.begin(),
                               fmt::format("* before it means {} bytes, which is more than {}",
                                           size, format_size(repeated_bytes_max)));
        }
        if (last_.empty() || size % last_.size() != 0) {
            return line.object(line.begin(),
                               fmt::format("* before it means {} bytes, which is not a multiple "
                                           "of the line it repeats",
                                           size));
        }
        for (auto times = size / last_.size(); times > 0; --times) out_ += last_;
        return {};
    }

    result<void> continues(const text_line& line, std::uint64_t offset) const {
        if (offset == next()) return {};
        const auto words = fmt::format(
            "the offset {:08x} does not follow the line before it: expected "
            "{:08x}",
            offset, next());
        return line.object(line.begin(), words, "lines are missing or out of order");
    }

    std::optional<std::uint64_t> begin_;
    std::string out_;
    std::string last_;
    bool repeated_ = false;
};

}  // namespace

bool has_offsets(const std::vector<text_line>& lines) {
    const auto form = form_of(lines.front());
    if (form != dump_form::wide) return form != dump_form::none;
    // Zeros before two spaces may be bytes, unless a second offset or a text follows.
    const auto first = read_line(lines.front(), form);
    if (!first) return false;
    const auto offset = find_offset(lines.front());
    const auto has_text = !divide(lines.front(), form, offset->end).text.empty();
    if (has_text || lines.size() == 1) return has_text;
    const auto second = find_offset(lines[1]);
    return second && second->value == first->bytes.size();
}

result<std::string> read_offset_lines(const std::vector<text_line>& lines) {
    return dump_reader().read(lines);
}

}  // namespace framewire
