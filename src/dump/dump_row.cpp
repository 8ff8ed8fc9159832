#include "dump_row.hpp"

#include "row_text.hpp"
#include "row_units.hpp"

#include <algorithm>
#include <charconv>

namespace framewire {
namespace {

// Two spaces before a text, unless it has a mark or the number of bytes is known.
bool may_be_text(const dump_row& row, const notation& how, std::size_t end, bool is_sized) {
    const auto rest = row.line.text.substr(end);
    // Such units are not far from being a text themselves, and od marks its own.
    const bool is_of_od = how.what == notation::kind::octal ||
                          how.what == notation::kind::decimal ||
                          how.what == notation::kind::character;
    if (is_of_od) return trim(rest).starts_with('>');
    return is_sized || rest.starts_with("  ") || is_marked_text(trim(rest));
}

bool is_word(const notation& how) {
    return how.what != notation::kind::groups && how.what != notation::kind::binary;
}

class row_reader {
public:
    row_reader(const dump_row& row, const notation& how)
        : row_(row), how_(how), units_(read_units(row, how)), unit_(is_word(how) ? how.unit : 1) {}

    result<row_bytes> read(std::optional<std::uint64_t> size) {
        if (size) {
            if (auto sized = read_sized(*size)) return *std::move(sized);
        }
        for (auto count = units_.found.size(); count > 0; --count) {
            const auto end = units_.found[count - 1].end;
            if (is_blank(end) || !may_be_text(row_, how_, end, false)) continue;
            auto data = first(count);
            // The last word may be longer than the bytes.
            for (auto more = unit_; more > 0; --more) {
                if (is_text_of(text_after(end), data)) return row_bytes{std::move(data), true};
                if (more == 1 || !data.ends_with('\0')) break;
                data.pop_back();
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
        // What fills the last word is zero.
        const auto filling = units_.bytes.substr(data.size(), unit->bytes_end - data.size());
        if (filling.find_first_not_of('\0') != std::string::npos) return std::nullopt;
        if (is_blank(unit->end)) return row_bytes{std::move(data), false};
        if (!may_be_text(row_, how_, unit->end, true)) return std::nullopt;
        if (!is_text_of(text_after(unit->end), data)) return std::nullopt;
        return row_bytes{std::move(data), true};
    }

    result<row_bytes> read_all() {
        const auto& line = row_.line;
        const auto end = units_.found.empty() ? row_.begin : units_.found.back().end;
        if (is_blank(end)) return row_bytes{units_.bytes, false};
        const auto rest =
            std::min(line.text.find_first_not_of(white_space, end), line.text.size());
        if (units_.found.empty() || !may_be_text(row_, how_, end, false)) {
            return line.refuse(rest, units_.expected);
        }
        if (auto why = unclosed_text(line.text.substr(rest))) {
            return line.refuse(line.text.size(), *why);
        }
        return line.object(rest, mismatch(line.text.substr(rest), units_.bytes),
                           "od, hexdump and xxd -e turn the bytes of words round");
    }

    const dump_row& row_;
    const notation& how_;
    row_units units_;
    std::size_t unit_;
};

}  // namespace

std::optional<dump_row> find_row(const text_line& line, std::size_t position) {
    constexpr std::size_t digits_min = 4;
    constexpr std::size_t digits_max = 16;
    const auto rest = line.text.substr(std::min(position, line.text.size()));
    const std::size_t prefix = rest.starts_with("0x") || rest.starts_with("0X") ? 2 : 0;
    const auto end = hex_end(rest, prefix);
    if (end - prefix < digits_min || end - prefix > digits_max) return std::nullopt;
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
