#include "dump_block.hpp"

#include "block_reader.hpp"
#include "row_layout.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <utility>

namespace framewire {
namespace {

using kind = notation::kind;

struct reading {
    std::vector<std::string> parts{};
    bool is_confirmed = false;
    bool has_texts = false;
};

result<reading> read_in(const std::vector<dump_block>& blocks, const notation& how, int base) {
    block_reader reader(how, base);
    reading out;
    for (const auto& block : blocks) {
        auto part = reader.read(block);
        if (!part) return tl::unexpected(part.error());
        out.parts.push_back(*std::move(part));
    }
    out.is_confirmed = reader.is_confirmed();
    out.has_texts = reader.has_texts();
    return out;
}

// Notations of which the first that reads the rows is right; those of one rank are equals.
using rank = std::vector<notation>;

std::string_view first_word(const dump_row& row) {
    const auto text = row.line.text;
    const auto begin = std::min(text.find_first_not_of(white_space, row.begin), text.size());
    return text.substr(begin, text.find_first_of(white_space, begin) - begin);
}

// xxd -e fills a short group on its left.
bool is_turned(const dump_row& row) {
    constexpr std::size_t usual = 2;
    return row.colon && row.line.text.find_first_not_of(' ', row.begin) > row.begin + usual;
}

// After a colon, xxd and tcpdump print groups of digits; the base of xxd -d is 10.
std::vector<rank> ranks_of_xxd(const dump_row& row) {
    const auto word = first_word(row);
    const bool is_binary = word.size() == 8 && parse_digits(word, 2).has_value();
    const auto unit = std::max<std::size_t>(word.size() / 2, 1);
    std::vector<rank> out{{{kind::groups, unit, is_turned(row)}}};
    if (is_binary) out.push_back({{kind::binary, 1, false}});
    return out;
}

std::vector<rank> ranks_of(const dump_row& row) {
    if (row.colon) return ranks_of_xxd(row);
    std::vector<rank> out{notations_of(row)};
    // Without offsets, a number could be pairs of digits that somebody has indented.
    if (row.offset.empty() && row.line.text.ends_with(first_word(row)))
        out.front().push_back({kind::groups, 1, false});
    for (const auto unit : std::array<std::size_t, 4>{1, 2, 4, 8})
        out.push_back({{kind::hex, unit, false}});
    return out;
}

const dump_row* first_row(const std::vector<dump_block>& blocks) {
    for (const auto& block : blocks) {
        for (const auto& row : block.rows) {
            if (!row.repeats) return &row;
        }
    }
    return nullptr;
}

tl::unexpected<failure> ask_for_order(const dump_row& row, std::size_t unit) {
    return row.line.object(
        std::min(row.line.text.find_first_not_of(white_space, row.begin), row.line.text.size()),
        fmt::format("words of {} bytes: the text does not show whether their first byte is the "
                    "lowest",
                    unit),
        "--words little: as od and hexdump print them on nearly all machines; --words big: as "
        "they are on the wire. Or od -t x1, hexdump -C");
}

bool is_of_od(const notation& how) {
    return how.what == kind::decimal || (how.what == kind::octal && how.unit > 2) ||
           (how.what == kind::hex && how.unit != 2);
}

class block_set {
public:
    block_set(const std::vector<dump_block>& blocks, const dump_row& row, const dump_options& from)
        : blocks_(blocks), row_(row), options_(from) {}

    result<reading> read(dump& found) {
        std::optional<failure> why;  // of the likeliest
        for (const auto& equals : ranks_of(row_)) {
            auto fitting = read_all(equals, why);
            if (fitting.empty()) continue;
            auto& first = fitting.front();
            const auto other = std::ranges::find_if(
                fitting, [&](const candidate& one) { return one.read.parts != first.read.parts; });
            if (other != fitting.end()) return refuse_both(first, *other);
            return choose(first.how, first.base, std::move(first.read), found);
        }
        if (why) return tl::unexpected(*why);
        return row_.line.object(row_.line.begin(), "these digits may be an offset, or bytes",
                                "an offset has a colon after it, as xxd prints it; bytes are in "
                                "pairs like those after them");
    }

    [[nodiscard]] bool have_offsets() const {
        std::optional<failure> why;
        return std::ranges::any_of(
            ranks_of(row_), [&](const rank& equals) { return !read_all(equals, why).empty(); });
    }

private:
    // A first column is taken for offsets if two of them say so, a text, or a colon.
    [[nodiscard]] bool is_certain(const reading& one) const {
        return row_.colon || row_.offset.empty() || one.is_confirmed;
    }

    struct candidate {
        notation how;
        int base = 0;
        reading read;
    };

    // All that fit; only those that a text confirms, if there are any.
    std::vector<candidate> read_all(const rank& equals, std::optional<failure>& why) const {
        std::vector<candidate> out;
        for (const auto& how : equals) {
            for (const int base : {16, 10, 8}) {
                if (is_hexadecimal() && base != 16) break;
                auto used = how;
                auto one = read_in(blocks_, used, base);
                if (!why && !one && used.what != kind::character) why = one.error();
                if (!one && used.unit > 1) {
                    used.little = true;
                    one = read_in(blocks_, used, base);
                }
                if (one && is_certain(*one)) out.push_back({used, base, *std::move(one)});
            }
        }
        // Both od and hexdump print seven digits, but hexdump no such units.
        const auto is_foreign = [&](const candidate& one) {
            return one.base == 16 && row_.offset.size() == 7 && is_of_od(one.how);
        };
        if (!std::ranges::all_of(out, is_foreign)) std::erase_if(out, is_foreign);
        const auto has_texts = [](const candidate& one) { return one.read.has_texts; };
        if (std::ranges::any_of(out, has_texts)) std::erase_if(out, std::not_fn(has_texts));
        return out;
    }

    // od prints six digits for -A x only, and hexdump -C always eight.
    [[nodiscard]] bool is_hexadecimal() const {
        const auto digits = row_.offset.size();
        return digits == 0 ||
               (!row_.colon && (digits == 6 || (digits == 8 && row_.offset.front() == '0')));
    }

    [[nodiscard]] tl::unexpected<failure> refuse_both(const candidate& one,
                                                      const candidate& other) const {
        if (one.how.what == other.how.what) {
            return row_.line.object(
                row_.line.begin(),
                fmt::format("these offsets may have base {} or {}, and * stands for more lines in "
                            "one than in the other",
                            std::max(one.base, other.base), std::min(one.base, other.base)),
                "od -v and hexdump -v show all lines");
        }
        return row_.line.object(
            std::min(row_.line.text.find_first_not_of(white_space, row_.begin),
                     row_.line.text.size()),
            fmt::format("these may be {} or {}", name_of(one.how), name_of(other.how)),
            "od -A x -t x1z and hexdump -C say it clearly");
    }

    static std::string_view name_of(const notation& how) {
        return how.what == kind::octal       ? "octal numbers"
               : how.what == kind::decimal   ? "decimal numbers"
               : how.what == kind::character ? "characters"
                                             : "hexadecimal numbers";
    }

    result<reading> choose(const notation& how, int base, reading one, dump& found) const {
        const bool is_word = how.unit > 1 && how.what != kind::binary;
        if (!is_word) return one;
        auto turned_how = how;
        turned_how.little = !how.little;
        const auto turned = read_in(blocks_, turned_how, base);
        if (turned && turned->parts == one.parts) return one;
        if (options_.little_words) {
            if (*options_.little_words == how.little) return one;
            if (turned) return *turned;
            if (one.has_texts) return one;
            return tl::unexpected(turned.error());
        }
        if (!turned) return one;
        if (one.has_texts != turned->has_texts) return one.has_texts ? one : *turned;
        // xxd and tcpdump print bytes in their order, in groups of two.
        if (row_.colon && (how.unit == 2 || is_turned(row_))) return one;
        if (row_.colon && !one.has_texts) {
            found.remarks.emplace_back("groups of digits are read in the order shown");
            return one;
        }
        return ask_for_order(row_, how.unit);
    }

    const std::vector<dump_block>& blocks_;
    const dump_row& row_;
    const dump_options& options_;
};

}  // namespace

result<void> read_blocks(const std::vector<dump_block>& blocks, const dump_options& options,
                         dump& found) {
    const auto* const row = first_row(blocks);
    if (row == nullptr) return {};
    auto read = block_set(blocks, *row, options).read(found);
    if (!read) return tl::unexpected(read.error());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (read->parts[i].empty()) continue;
        found.pieces.push_back(
            {.from = blocks[i].from, .data = std::move(read->parts[i]), .time = blocks[i].time});
    }
    return {};
}

bool have_offsets(const std::vector<dump_block>& blocks) {
    const auto* const row = first_row(blocks);
    return row != nullptr && block_set(blocks, *row, {}).have_offsets();
}

}  // namespace framewire
