#include "dump_time.hpp"
#include "framewire/core/units.hpp"
#include "traced_rows.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace framewire {
namespace {

constexpr std::size_t none = std::string_view::npos;

// What is between two words of a line, or after the first.
std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
    const auto begin = text.find(before);
    if (begin == none) return {};
    const auto rest = text.substr(begin + before.size());
    return rest.substr(0, after.empty() ? none : rest.find(after));
}

std::string_view from_mark(std::string_view text) {
    const auto at = text.find_first_not_of("0123456789:. ");
    return at == none ? std::string_view() : text.substr(at);
}

// `=> Send data, 25 bytes (0x19)`, perhaps after a time.
bool is_curl_heading(std::string_view text) {
    const auto rest = from_mark(text);
    return rest.starts_with("== Info:") ||
           ((rest.starts_with("=> Send ") || rest.starts_with("<= Recv ")) &&
            rest.find(" bytes (0x") != none);
}

// `> 2026/11/29 02:55:28.000853359  length=9 from=0 to=8`
bool is_socat_heading(std::string_view text) {
    return (text.starts_with("> 2") || text.starts_with("< 2")) && text.find(" length=") != none &&
           text.find(" from=") != none;
}

// `T 2026/11/29 02:54:44.044721 127.0.0.1:40696 -> 127.0.0.1:47001 [AP] #4`
bool is_ngrep_heading(std::string_view text) {
    return text.starts_with("T ") && text.find(" -> ") != none;
}

bool is_netcat_row(const text_line& line) {
    return (line.text.starts_with("< ") || line.text.starts_with("> ")) &&
           hex_end(line.text, 2) == 10 && line.text.substr(10).starts_with(' ') &&
           line.text.find('#') != none;
}

std::string_view last_word(std::string_view text) {
    return text.substr(std::min(text.find_last_of(white_space) + 1, text.size()));
}

}  // namespace

bool is_curl_trace(const pasted_text& text) { return is_curl_heading(text.content.front().text); }

result<dump> read_curl_trace(const pasted_text& text, const dump_options& options) {
    traced_rows rows("curl --trace");
    bool tls = false;
    for (const auto& line : text.content) {
        const auto rest = from_mark(line.text);
        if (is_curl_heading(line.text)) {
            const bool is_sent = rest.starts_with("=>");
            const bool is_record = rest.find(" SSL data") != none;
            tls = tls || is_record;
            rows.leave_out();
            if (is_record || rest.starts_with("==")) continue;
            auto& block = rows.begin(is_sent ? stream_side::client : stream_side::server);
            block.size = parse_digits(between(rest, ", ", " bytes"), 10);
            if (const auto time = read_time(line.text)) block.time = time->value;
        } else if (const auto row = find_row(line, 0)) {
            rows.add(*row);
        } else if (!rows.is_left_out()) {
            return line.refuse(0, "a row such as 0000: 30 35",
                               "--trace-ascii does not show all bytes; use --trace");
        }
    }
    if (tls) rows.remark("the records of TLS (\"SSL data\") are left out");
    return rows.read(options);
}

bool is_socat_trace(const pasted_text& text) {
    return is_socat_heading(text.content.front().text);
}

result<dump> read_socat_trace(const pasted_text& text, const dump_options& options) {
    traced_rows rows("socat -x");
    for (const auto& line : text.content) {
        if (is_socat_heading(line.text)) {
            auto& block =
                rows.begin(line.text.starts_with('>') ? stream_side::client : stream_side::server);
            block.size = parse_digits(between(line.text, " length=", " "), 10);
            if (const auto time = read_time(line.text.substr(2))) block.time = time->value;
        } else if (line.text != "--") {
            if (!line.text.starts_with(' ') || hex_end(line.text, 1) != 3) {
                return line.refuse(0, "pairs of hexadecimal digits",
                                   "socat -v does not show all bytes; use socat -x");
            }
            rows.add(bare_row(line, 0));
        }
    }
    return rows.read(options);
}

bool is_ngrep(const pasted_text& text) {
    const auto first = text.content.front().text;
    return is_ngrep_heading(first) ||
           ((first.starts_with("input: ") || first.starts_with("interface: ")) &&
            std::ranges::any_of(
                text.content, [](const text_line& line) { return is_ngrep_heading(line.text); }));
}

result<dump> read_ngrep(const pasted_text& text, const dump_options& options) {
    traced_rows rows("ngrep -x");
    for (const auto& line : text.content) {
        if (is_ngrep_heading(line.text)) {
            const auto sender = last_word(line.text.substr(0, line.text.find(" -> ")));
            auto& block = rows.begin(rows.side_of(sender));
            if (const auto time = read_time(line.text.substr(2))) block.time = time->value;
        } else if (rows.has_block() && line.text != "exit") {
            if (!line.text.starts_with("  ")) {
                return line.refuse(0, "pairs of hexadecimal digits",
                                   "without -x, ngrep does not show all bytes");
            }
            rows.add(bare_row(line, 0));
        }
    }
    return rows.read(options);
}

bool is_netty_log(const pasted_text& text) {
    return std::ranges::any_of(text.content, [](const text_line& line) {
        const auto row = trim(line.text);
        return row.starts_with('|') && hex_end(row, 1) == 9 && row.substr(9).starts_with('|');
    });
}

result<dump> read_netty_log(const pasted_text& text, const dump_options& options) {
    traced_rows rows("Netty's table");
    for (const auto& line : text.content) {
        const auto begin = line.begin();
        const auto row = line.text.substr(begin);
        if (row.starts_with('|') && hex_end(row, 1) == 9 && row.substr(9).starts_with('|')) {
            rows.add({.line = line, .offset = row.substr(1, 8), .begin = begin + 10});
            continue;
        }
        const bool is_read = row.find(" READ: ") != none;
        if (!is_read && row.find(" WRITE: ") == none) continue;
        auto& block = rows.begin(is_read ? stream_side::client : stream_side::server);
        if (const auto time = read_time(row)) block.time = time->value;
        block.size = parse_digits(between(row, is_read ? " READ: " : " WRITE: ", "B"), 10);
    }
    return rows.read(options);
}

bool is_tcpdump(const pasted_text& text) {
    return std::ranges::any_of(text.content, [](const text_line& line) {
        const auto begin = line.begin();
        if (!line.text.substr(begin).starts_with("0x")) return false;
        const auto row = find_row(line, begin);
        return row && row->colon && row->offset.size() == 4 &&
               !trim(line.text.substr(row->begin)).starts_with("0x");
    });
}

result<dump> read_tcpdump(const pasted_text& text, const dump_options& options) {
    traced_rows rows("tcpdump -x");
    bool has_rows = true;
    for (const auto& line : text.content) {
        const auto begin = line.begin();
        const bool may_be_row = line.text.substr(begin).starts_with("0x");
        const auto row = may_be_row ? find_row(line, begin) : std::nullopt;
        if (row && row->colon) {
            // Without its heading, a packet begins where the offsets do.
            if (has_rows && parse_digits(row->offset, 16) == 0) rows.begin(stream_side::client);
            rows.add(*row);
            has_rows = true;
            continue;
        }
        // With -v, the addresses are in a second line of the heading.
        if (has_rows) rows.begin(stream_side::client);
        const auto sender_end = line.text.find(" > ");
        if (sender_end != none) {
            rows.last().from = rows.side_of(last_word(line.text.substr(0, sender_end)));
        }
        if (const auto time = read_time(line.text)) rows.last().time = time->value;
        has_rows = false;
    }
    return rows.read(options);
}

bool is_netcat_dump(const pasted_text& text) { return is_netcat_row(text.content.front()); }

result<dump> read_netcat_dump(const pasted_text& text, const dump_options& options) {
    traced_rows rows("nc -o");
    std::optional<char> last;
    for (const auto& line : text.content) {
        if (!is_netcat_row(line)) return line.refuse(0, "a row such as > 00000000 30 35 # 05");
        const auto mark = line.text.front();
        if (last != mark) {
            rows.begin(mark == '>' ? stream_side::client : stream_side::server).continues = true;
            last = mark;
        }
        rows.add({.line = line, .offset = line.text.substr(2, 8), .begin = 10});
    }
    rows.remark("nc is taken for the client: > is what it sent");
    return rows.read(options);
}

}  // namespace framewire
