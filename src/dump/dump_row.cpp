#include "dump_row.hpp"

#include "row_text.hpp"
#include "row_units.hpp"

#include <algorithm>
#include <charconv>

namespace framewire {
namespace {

// Two spaces before a text, unless it has a mark or the number of bytes is known.
bool may_be_text(const dump_row& row, std::size_t end, bool is_sized) {
    const auto rest = row.line.text.substr(end);
    return is_sized || rest.starts_with("  ") || is_marked_text(trim(rest));
}

class row_reader {
public:
    row_reader(const dump_row& row, const notation& how)
        : row_(row), units_(read_units(row, how)) {}

    result<row_bytes> read(std::optional<std::uint64_t> size) {
        if (size) {
            if (auto sized = read_sized(*size)) return *std::move(sized);
        }
        for (auto count = units_.found.size(); count > 0; --count) {
            const auto end = units_.found[count - 1].end;
            if (is_blank(end) || !may_be_text(row_, end, false)) continue;
            if (auto data = first(count); is_text_of(text_after(end), data)) {
                return row_bytes{std::move(data), true};
            }
        }
        return read_all();
    }

private:
    [[nodiscard]] bool is_blank(std::size_t end) const {
        return trim(row_.line.text.substr(end)).empty();
    }
    [[nodiscard]] std::string_view text_after(std::size_t end) const {
        return row_.line.text.substr(end);
    }
    [[nodiscard]] std::string first(std::size_t count) const {
        return units_.bytes.substr(0, count == 0 ? 0 : units_.found[count - 1].bytes_end);
    }

    std::optional<row_bytes> read_sized(std::uint64_t size) {
        const auto unit = std::ranges::find_if(
            units_.found, [&](const row_unit& one) { return one.bytes_end >= size; });
        if (unit == units_.found.end() || size == 0) return std::nullopt;
        auto data = units_.bytes.substr(0, static_cast<std::size_t>(size));
        if (is_blank(unit->end)) return row_bytes{std::move(data), false};
        if (!may_be_text(row_, unit->end, true)) return std::nullopt;
        if (!is_text_of(text_after(unit->end), data)) return std::nullopt;
        return row_bytes{std::move(data), true};
    }

    result<row_bytes> read_all() {
        const auto& line = row_.line;
        const auto end = units_.found.empty() ? row_.begin : units_.found.back().end;
        if (is_blank(end)) return row_bytes{units_.bytes, false};
        const auto rest =
            std::min(line.text.find_first_not_of(white_space, end), line.text.size());
        if (units_.found.empty() || !may_be_text(row_, end, false)) {
            return line.refuse(rest, units_.expected);
        }
        if (auto why = unclosed_text(line.text.substr(rest))) {
            return line.refuse(line.text.size(), *why);
        }
        return line.object(rest, mismatch(line.text.substr(rest), units_.bytes),
                           "od, hexdump and xxd -e turn the bytes of words round");
    }

    const dump_row& row_;
    row_units units_;
};

}  // namespace

std::optional<dump_row> find_row(const text_line& line, std::size_t position) {
    constexpr std::size_t digits_min = 4;
    const auto rest = line.text.substr(std::min(position, line.text.size()));
    const std::size_t prefix = rest.starts_with("0x") || rest.starts_with("0X") ? 2 : 0;
    const auto end = hex_end(rest, prefix);
    if (end - prefix < digits_min) return std::nullopt;
    dump_row found{.line = line, .offset = rest.substr(prefix, end - prefix)};
    found.colon = rest.substr(end).starts_with(':');
    const auto next = end + (found.colon ? 1 : 0);
    if (next < rest.size() && white_space.find(rest[next]) == std::string_view::npos) {
        return std::nullopt;
    }
    found.begin = position + next;
    return found;
}

std::optional<std::uint64_t> parse_digits(std::string_view digits, int base) {
    std::uint64_t value = 0;
    const auto outcome =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (outcome.ec != std::errc{} || outcome.ptr != digits.data() + digits.size()) return {};
    return value;
}

result<row_bytes> read_row(const dump_row& row, const notation& how,
                           std::optional<std::uint64_t> size) {
    return row_reader(row, how).read(size);
}

}  // namespace framewire
