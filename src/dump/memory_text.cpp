#include "dump_row.hpp"
#include "forms.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

struct memory_line {
    std::uint64_t address = 0;
    std::size_t begin = 0;
};

// `0x555555558028 <buf+8>:` before a tab and numbers.
std::optional<memory_line> find_memory_line(const text_line& line) {
    const auto begin = line.begin();
    const auto text = line.text;
    if (!text.substr(begin).starts_with("0x")) return std::nullopt;
    const auto end = hex_end(text, begin + 2);
    const auto address = parse_digits(text.substr(begin + 2, end - begin - 2), 16);
    const auto colon = text.find(':', end);
    if (!address || colon == std::string_view::npos) return std::nullopt;
    const auto between = trim(text.substr(end, colon - end));
    if (!between.empty() && !(between.starts_with('<') && between.ends_with('>'))) {
        return std::nullopt;
    }
    return memory_line{*address, colon + 1};
}

class memory_reader {
public:
    explicit memory_reader(std::optional<bool> little) : little_(little) {}

    result<void> add(const text_line& line) {
        const auto found = find_memory_line(line);
        if (!found) return line.refuse(line.begin(), "an address, a colon and numbers");
        if (!begin_) begin_ = found->address;
        if (found->address != *begin_ + out_.size()) {
            return line.object(line.begin(), "this address does not follow the line before it",
                               "lines are missing or out of order");
        }
        auto at = line.text.find_first_not_of(white_space, found->begin);
        while (at < line.text.size()) {
            const auto end = std::min(line.text.find_first_of(white_space, at), line.text.size());
            if (auto done = add_number(line, at, line.text.substr(at, end - at)); !done) {
                return done;
            }
            at = line.text.find_first_not_of(white_space, end);
        }
        return {};
    }

    [[nodiscard]] std::string take_bytes() { return std::move(out_); }

private:
    result<void> add_number(const text_line& line, std::size_t at, std::string_view word) {
        const auto digits = word.substr(word.starts_with("0x") ? 2 : 0);
        const auto unit = digits.size() / 2;
        if (digits.size() == word.size() || digits.size() % 2 != 0 || unit == 0 || unit > 8 ||
            hex_end(digits, 0) != digits.size()) {
            return line.refuse(at, "0x and pairs of hexadecimal digits", "use x/64xb ADDRESS");
        }
        if (unit > 1 && !little_) {
            return line.object(at,
                               fmt::format("words of {} bytes: the text does not show whether "
                                           "their first byte is the lowest",
                                           unit),
                               "--words little: as x86 and ARM have them; --words big. Or use "
                               "x/64xb ADDRESS");
        }
        const auto begin = static_cast<std::ptrdiff_t>(out_.size());
        append_pairs(digits, out_);
        if (little_.value_or(false)) std::reverse(out_.begin() + begin, out_.end());
        return {};
    }

    std::optional<bool> little_;
    std::optional<std::uint64_t> begin_;
    std::string out_;
};

}  // namespace

bool is_memory(const pasted_text& text) {
    const auto& line = text.content.front();
    const auto found = find_memory_line(line);
    return found && trim(line.text.substr(found->begin)).starts_with("0x");
}

result<dump> read_memory(const pasted_text& text, const dump_options& options) {
    memory_reader reader(options.little_words);
    for (const auto& line : text.content) {
        if (const auto done = reader.add(line); !done) return tl::unexpected(done.error());
    }
    dump found{.form = "memory of gdb"};
    found.pieces.push_back({.data = reader.take_bytes()});
    return found;
}

}  // namespace framewire
