#include "dump_block.hpp"

#include "block_reader.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
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

struct word_shape {
    std::size_t columns = 0;
    std::string_view first{};
    bool is_wide = false;     // two spaces and more before each unit
    bool is_decimal = false;  // numbers without leading zeros
};

// How the units of the first row look.
word_shape shape_of(const dump_row& row) {
    word_shape shape{.is_wide = true, .is_decimal = true};
    const auto text = row.line.text;
    auto at = row.begin;
    for (int count = 0; count < 8; ++count) {
        const auto next = std::min(text.find_first_not_of(white_space, at), text.size());
        if (next == text.size()) break;
        const auto end = std::min(text.find_first_of(white_space, next), text.size());
        const auto word = text.substr(next, end - next);
        if (count == 0) shape.first = word;
        shape.is_wide = shape.is_wide && (next - at >= 2 || word.size() >= 3);
        const auto digits = word.substr(word.starts_with('-') ? 1 : 0);
        shape.is_decimal = shape.is_decimal && parse_digits(digits, 10).has_value() &&
                           (digits.size() == 1 || digits.front() != '0');
        at = end;
    }
    return shape;
}

// The notations of rows whose offsets have no colon, the likeliest first.
std::vector<notation> candidates(const dump_row& row) {
    const auto shape = shape_of(row);
    std::vector<notation> out;
    const auto add = [&](kind what, std::initializer_list<std::size_t> units) {
        for (const auto unit : units) out.push_back({what, unit, false});
    };
    if (shape.is_wide && shape.is_decimal) add(kind::decimal, {1, 2, 4, 8});
    switch (shape.first.size()) {
        case 3: add(kind::octal, {1}); break;
        case 5: add(kind::decimal, {2}); break;
        case 6: add(kind::octal, {2}); break;
        case 11: add(kind::octal, {4}); break;
        case 22: add(kind::octal, {8}); break;
        default: break;
    }
    add(kind::hex, {1, 2, 4, 8});
    add(kind::character, {1});
    return out;
}

// After a colon, xxd and tcpdump print groups of digits; the base of xxd -d is 10.
std::vector<notation> candidates_of_xxd(const dump_row& row) {
    const auto word = shape_of(row).first;
    const bool is_binary = word.size() == 8 && parse_digits(word, 2).has_value();
    const auto unit = std::max<std::size_t>(word.size() / 2, 1);
    std::vector<notation> out{{kind::groups, unit, false}};
    if (is_binary) out.push_back({kind::binary, 1, false});
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

class block_set {
public:
    block_set(const std::vector<dump_block>& blocks, const dump_row& row, const dump_options& from)
        : blocks_(blocks), row_(row), options_(from) {}

    result<reading> read(dump& found) {
        const auto notations = row_.colon ? candidates_of_xxd(row_) : candidates(row_);
        std::optional<failure> why;  // of the likeliest
        for (const auto& how : notations) {
            for (const int base : {16, 10, 8}) {
                if (row_.offset.empty() && base != 16) break;
                auto used = how;
                auto one = read_in(blocks_, used, base);
                if (!why && !one) why = one.error();
                if (!one && used.unit > 1) {
                    used.little = true;
                    one = read_in(blocks_, used, base);
                }
                if (one && is_certain(*one)) return choose(used, base, *std::move(one), found);
            }
        }
        if (why) return tl::unexpected(*why);
        return row_.line.object(row_.line.begin(), "these digits may be an offset, or bytes",
                                "an offset has a colon after it, as xxd prints it; bytes are in "
                                "pairs like those after them");
    }

private:
    // A first column is taken for offsets if two of them say so, a text, or a colon.
    [[nodiscard]] bool is_certain(const reading& one) const {
        return row_.colon || row_.offset.empty() || one.is_confirmed;
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
        if (row_.colon && how.unit == 2) return one;
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

}  // namespace framewire
