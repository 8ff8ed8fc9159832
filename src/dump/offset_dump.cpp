#include "dump_block.hpp"
#include "forms.hpp"
#include "row_layout.hpp"
#include "row_text.hpp"
#include "traced_rows.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

bool is_zero(std::string_view digits) {
    return digits.find_first_not_of('0') == std::string_view::npos;
}

// Lines that tshark and Wireshark print around the rows of a stream.
bool is_follow_heading(std::string_view text) {
    return text.starts_with("=====") || text.starts_with("Follow: ") ||
           text.starts_with("Filter: ") || text.starts_with("Node ");
}

std::vector<text_line> without_headings(const std::vector<text_line>& lines) {
    std::vector<text_line> out;
    std::ranges::copy_if(lines, std::back_inserter(out),
                         [](const text_line& line) { return !is_follow_heading(line.text); });
    return out;
}

bool is_star(const text_line& line) { return trim(line.text) == "*"; }

// Two numbers that differ by what stands between them are offsets.
bool has_second_offset(const std::vector<text_line>& lines, const dump_row& first) {
    if (lines.size() < 2) return false;
    const auto& next = is_star(lines[1]) && lines.size() > 2 ? lines[2] : lines[1];
    auto second = find_row(next, next.begin());
    if (!second || second->offset.size() != first.offset.size()) return false;
    second->begin = next.text.size();  // for its offset only
    dump_block block{.rows = {first}};
    if (is_star(lines[1])) block.rows.push_back({.line = lines[1], .repeats = true});
    block.rows.push_back(*second);
    return have_offsets({block});
}

tl::unexpected<failure> refuse_od_a(const dump_row& row) {
    return row.line.object(row.line.text.find_first_not_of(white_space, row.begin),
                           "od -a leaves out the highest bit of each byte", "od -t x1");
}

// In Follow Stream, the rows of the server are indented further.
std::optional<std::size_t> server_indentation(const std::vector<text_line>& lines) {
    auto least = static_cast<std::size_t>(-1);
    for (const auto& line : lines) least = std::min(least, line.begin());
    for (const auto& line : lines) {
        if (line.begin() == least) continue;
        const auto row = find_row(line, line.begin());
        if (row && is_zero(row->offset)) return line.begin();
    }
    return std::nullopt;
}

class offset_dump_reader {
public:
    explicit offset_dump_reader(const std::vector<text_line>& lines)
        : server_(server_indentation(lines)) {}

    result<void> add(const text_line& line) {
        const auto begin = line.begin();
        if (is_star(line)) {
            rows_.add({.line = line, .repeats = true});
            return {};
        }
        auto row = find_row(line, begin);
        if (!row) {
            if (line.text.substr(std::min(hex_end(line.text, begin), line.text.size()))
                    .starts_with(':')) {
                return line.refuse(hex_end(line.text, begin) + 1, "a space");
            }
            return line.refuse(begin, "an offset of at least 4 hexadecimal digits");
        }
        if (colon_ && *colon_ != row->colon) {
            return line.refuse(begin + row->offset.size(),
                               *colon_ ? "a colon after the offset" : "no colon after the offset");
        }
        colon_ = row->colon;
        if (is_od_a(*row)) return refuse_od_a(*row);
        start_block(line, *row);
        rows_.add(*row);
        return {};
    }

    result<dump> read(const dump_options& options) {
        auto found = rows_.read(options);
        if (found) found->form = server_ ? "Follow Stream" : colon_ == true ? "xxd" : "hex dump";
        if (found && !server_ && blocks_ > 1) found->form = "hex dump of packets";
        return found;
    }

private:
    // A packet begins at 0000; a side of Follow Stream continues where it ended.
    void start_block(const text_line& line, const dump_row& row) {
        const auto side =
            server_ && line.begin() >= *server_ ? stream_side::server : stream_side::client;
        const bool is_turn = blocks_ > 0 && side != last_;
        if (blocks_ == 0 || is_turn || (is_zero(row.offset) && !server_)) {
            rows_.begin(side).continues = server_.has_value();
            ++blocks_;
        }
        last_ = side;
    }

    std::optional<std::size_t> server_;
    traced_rows rows_{"hex dump"};
    std::optional<bool> colon_;
    stream_side last_ = stream_side::client;
    std::size_t blocks_ = 0;
};

bool is_digits(std::string_view text) {
    return !text.empty() && text.size() % 2 == 0 && hex_end(text, 0) == text.size();
}

}  // namespace

bool is_offset_dump(const pasted_text& text) {
    const auto lines = without_headings(text.content);
    if (lines.empty()) return false;
    const auto row = find_row(lines.front(), lines.front().begin());
    if (!row || row->begin > lines.front().text.size()) return false;
    if (row->colon) return true;
    if (row->begin == lines.front().text.size()) {
        // od -c of spaces, after whose offset nothing can be seen.
        return lines.front().spaces > 0 && has_second_offset(lines, *row);
    }
    if (is_od_a(*row)) return true;
    // A text confirms it in one line; without one, a second line must.
    const auto alone = read_row(*row, {.what = notation::kind::hex}, std::nullopt);
    if (alone && alone->has_text) return true;
    const bool has_bar = lines.front().text.find('|') != std::string_view::npos;
    if (has_bar && !alone && lines.front().begin() == 0) return true;
    return has_second_offset(lines, *row);
}

result<dump> read_offset_dump(const pasted_text& text, const dump_options& options) {
    const auto lines = without_headings(text.content);
    offset_dump_reader reader(lines);
    for (const auto& line : lines) {
        if (const auto done = reader.add(line); !done) return tl::unexpected(done.error());
    }
    return reader.read(options);
}

bool is_raw_follow(const pasted_text& text) {
    const bool has_heading = is_follow_heading(text.content.front().text);
    const auto lines = without_headings(text.content);
    return lines.size() > 1 &&
           std::ranges::all_of(lines,
                               [](const text_line& line) { return is_digits(trim(line.text)); }) &&
           (has_heading || std::ranges::any_of(lines, [&](const text_line& line) {
                return line.begin() != lines.front().begin();
            }));
}

result<dump> read_raw_follow(const pasted_text& text, const dump_options& /*options*/) {
    dump found{.form = "Follow Stream as raw"};
    const auto lines = without_headings(text.content);
    auto least = static_cast<std::size_t>(-1);
    for (const auto& line : lines) least = std::min(least, line.begin());
    for (const auto& line : lines) {
        auto& piece = found.pieces.emplace_back(
            dump_piece{.from = line.begin() == least ? stream_side::client : stream_side::server});
        append_pairs(trim(line.text), piece.data);
    }
    return found;
}

namespace {

// Spaces of od -c and a # at its begin are no empty line and no comment.
std::vector<text_line> bare_lines(const pasted_text& text) {
    std::vector<text_line> out;
    std::ranges::copy_if(text.lines, std::back_inserter(out), [](const text_line& line) {
        return line.text.empty() ? line.spaces > 0 : line.text.front() != '#';
    });
    return out;
}

}  // namespace

bool is_bare_rows(const pasted_text& text) {
    const auto lines = bare_lines(text);
    const auto row = bare_row(lines.front(), 0);
    if (row.line.text.empty()) {
        const notation how{.what = notation::kind::character};
        return std::ranges::all_of(lines, [&](const text_line& line) {
            return is_star(line) || read_row(bare_row(line, 0), how, std::nullopt).has_value();
        });
    }
    if (!row.line.text.starts_with(' ')) return false;
    // Pairs of digits without a text are read by others.
    const auto pairs = read_row(row, {.what = notation::kind::hex}, std::nullopt);
    const bool are_pairs = pairs && !pairs->data.empty();
    if (are_pairs && pairs->has_text) return true;
    const auto reads = [&](notation how) {
        if (are_pairs && how.what != notation::kind::decimal) return false;
        const auto read = read_row(row, how, std::nullopt);
        how.little = true;
        return read || (how.unit > 1 && read_row(row, how, std::nullopt));
    };
    return is_od_a(row) || std::ranges::any_of(notations_of(row), reads);
}

result<dump> read_bare_rows(const pasted_text& text, const dump_options& options) {
    traced_rows rows("od -A n");
    for (const auto& line : bare_lines(text)) {
        const auto row = bare_row(line, 0);
        if (is_star(line)) return line.refuse_repeats();
        if (is_od_a(row)) return refuse_od_a(row);
        rows.add(row);
    }
    return rows.read(options);
}

}  // namespace framewire
