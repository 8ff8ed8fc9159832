#include "byte_text.hpp"

#include "dump_row.hpp"
#include "framewire/core/units.hpp"

#include <algorithm>
#include <utility>

namespace framewire {
namespace {

constexpr std::string_view separators = " \t,:";
constexpr std::string_view expected_bytes = "pairs of hexadecimal digits or quoted text";
constexpr std::string_view bytes_hint =
    "read are dumps (xxd, hexdump, od, tcpdump -x, Wireshark, Netty, curl --trace, socat -x), "
    "strings and lists of C, Python, Go, Rust, Java, Node and Erlang, strace, gdb, transcripts, "
    "and bytes such as 30 35; --bytes reads a file as it is, --base64 as base64";
constexpr std::uint64_t literal_bytes_max = 64 * MiB;

bool is_at(const text_line& line, std::size_t position, std::string_view what) {
    return line.text.substr(position).starts_with(what);
}

// The only number of a line that could be an offset: `0000 30 35`.
bool may_be_offset(const text_line& line, std::size_t begin, std::size_t end) {
    constexpr std::size_t digits_min = 4;
    if (begin != line.begin() || end - begin < digits_min || end == line.text.size()) return false;
    auto at = end;
    while (at < line.text.size()) {
        const auto next = line.text.find_first_not_of(white_space, at);
        const auto next_end = hex_end(line.text, next);
        if (next == at || next_end - next != 2) return false;
        at = next_end;
    }
    return true;
}

// `buf = b'..'`, `bytearray(b'..')`, `$1 = ".."`: where the quoted text begins.
std::size_t skip_name(const text_line& line, std::size_t position) {
    constexpr std::string_view of_names = "*=([]:$&._ \t";
    constexpr std::string_view last = "=([,";
    const auto text = line.text;
    auto quoted = text.find_first_of("\"'", position);
    if (quoted == std::string_view::npos) return position;
    if (quoted > position && text[quoted - 1] == 'b') --quoted;
    const auto before = trim(text.substr(position, quoted - position));
    const bool is_name = std::ranges::all_of(before, [&](char one) {
        return std::isalnum(static_cast<unsigned char>(one)) != 0 ||
               of_names.find(one) != std::string_view::npos;
    });
    const bool ends = !before.empty() && last.find(before.back()) != std::string_view::npos;
    return is_name && ends ? quoted : position;
}

// `00-11-22`: a dash between pairs, not a sign.
bool is_dash(const text_line& line, std::size_t position) {
    return position > 0 && line.text[position] == '-' &&
           hex_end(line.text, position - 1) == position &&
           hex_end(line.text, position + 1) == position + 3;
}

}  // namespace

result<void> byte_text::read(const text_line& line, std::size_t position) {
    const auto begin = skip_name(line, position);
    wrapped_ = wrapped_ || begin != position;
    position = begin;
    while (position < line.text.size()) {
        position = line.text.find_first_not_of(separators, position);
        if (position == std::string_view::npos) break;
        const bool is_last = position + 1 == line.text.size();
        // A string continues in the next line, or the call around it ends.
        if (any_ && is_last && line.text[position] == '\\') break;
        if (is_dash(line, position) ||
            (any_ && wrapped_ &&
             std::string_view(")];").find(line.text[position]) != std::string_view::npos)) {
            ++position;
            continue;
        }
        if (cut_) {
            return line.object(position, "bytes are missing here: those before end with ...",
                               "only the end of a stream may be missing");
        }
        if (one_number_) {
            return line.object(position, "one long number cannot be followed by other bytes",
                               "write 0x30, 0x35 or 3035: the byte order of 0x3035 is ambiguous");
        }
        const auto next = read_one(line, position);
        if (!next) return tl::unexpected(next.error());
        position = *next;
        any_ = true;
    }
    return {};
}

std::string byte_text::take_bytes() { return std::exchange(bytes_, {}); }

result<std::size_t> byte_text::read_one(const text_line& line, std::size_t position) {
    if (is_at(line, position, "\"") || is_at(line, position, "'")) {
        return read_literal(line, position);
    }
    if (is_at(line, position, "b'") || is_at(line, position, "b\"")) {
        return read_quoted(line, position + 1, true);
    }
    if (is_at(line, position, "<repeats ") && literal_size_ > 0) {
        return read_repeats(line, position);
    }
    if (is_at(line, position, "0x") || is_at(line, position, "0X")) {
        return read_number(line, position);
    }
    if (is_at(line, position, "\\x")) return read_escape(line, position, false);
    return read_digits(line, position);
}

result<std::size_t> byte_text::read_digits(const text_line& line, std::size_t position) {
    const auto end = hex_end(line.text, position);
    if (any_ && trim(line.text) == "*") return line.refuse_repeats();
    if (end == position) return line.refuse(position, expected_bytes, std::string(bytes_hint));
    if (end < line.text.size() && (separators.find(line.text[end]) == std::string_view::npos &&
                                   line.text[end] != '"' && !is_dash(line, end))) {
        return line.refuse(end, expected_bytes, std::string(bytes_hint));
    }
    if ((end - position) % 2 != 0) {
        return line.refuse(position, "an even number of hexadecimal digits");
    }
    if (may_be_offset(line, position, end)) {
        return line.object(position, "these digits may be an offset, or bytes",
                           "an offset has a colon after it, as xxd prints it; bytes are in "
                           "pairs like those after them");
    }
    words_ = words_ || (end - position == 4 || end - position == 8);
    append_pairs(line.text.substr(position, end - position), bytes_);
    return end;
}

// `0x30`, `0x5`, or one number that is all there is: `0x3035`.
result<std::size_t> byte_text::read_number(const text_line& line, std::size_t position) {
    const auto begin = position + 2;
    const auto end = hex_end(line.text, begin);
    const auto size = end - begin;
    if (size == 0) return line.refuse(begin, "one or two hexadecimal digits");
    if (end < line.text.size() && separators.find(line.text[end]) == std::string_view::npos) {
        return line.refuse(end, "a space or a comma");
    }
    if (size == 1) {
        append_pairs(std::string("0").append(line.text.substr(begin, 1)), bytes_);
        return end;
    }
    if (size > 2) {
        if (any_ || size % 2 != 0) {
            return line.refuse(position, "0x with one or two digits",
                               "write 0x30, 0x35 or 3035: the byte order of 0x3035 is ambiguous");
        }
        one_number_ = true;
    }
    append_pairs(line.text.substr(begin, size), bytes_);
    return end;
}

// `position` is that of the opening quote.
result<std::size_t> byte_text::read_quoted(const text_line& line, std::size_t position,
                                           bool python) {
    const auto text = line.text;
    const char mark = text[position];
    const auto size_before = bytes_.size();
    auto at = position + 1;
    while (at < text.size() && text[at] != mark) {
        if (text[at] == '\\') {
            const auto next = read_escape(line, at, python && mark == '"');
            if (!next) return tl::unexpected(next.error());
            at = *next;
        } else if (python && static_cast<unsigned char>(text[at]) >= 0x80) {
            return line.refuse(at, "ASCII, as Python writes bytes");
        } else {
            bytes_ += text[at++];
        }
    }
    if (at == text.size()) {
        return line.refuse(at, mark == '"' ? "a closing double quote" : "a closing quote");
    }
    ++at;
    literal_size_ = bytes_.size() - size_before;
    constexpr std::string_view left_out = "...";
    cut_ = text.substr(at).starts_with(left_out);
    return cut_ ? at + left_out.size() : at;
}

result<std::size_t> byte_text::read_literal(const text_line& line, std::size_t position) {
    return read_quoted(line, position, false);
}

// What C, Python, Go, Rust and Java have in common: names, octal and hexadecimal numbers.
result<std::size_t> byte_text::read_escape(const text_line& line, std::size_t position,
                                           bool rust) {
    constexpr std::string_view names = "nrt\"\\'abfve";
    constexpr std::string_view values = "\n\r\t\"\\'\a\b\f\v\x1B";
    const auto rest = line.text.substr(position + 1);
    const auto name = rest.empty() ? std::string_view::npos : names.find(rest.front());
    if (name != std::string_view::npos) {
        bytes_ += values[name];
        return position + 2;
    }
    auto octal = std::min(rest.substr(0, 3).find_first_not_of("01234567"),
                          std::min<std::size_t>(rest.size(), 3));
    if (octal > 1 && rust && rest.front() == '0') {
        rust_zero_ = true;
        octal = 1;
    }
    if (octal > 0) {
        const auto value = parse_digits(rest.substr(0, octal), 8);
        if (!value || *value > 0xFF) return line.refuse(position, "an octal number up to \\377");
        bytes_ += static_cast<char>(*value);
        return position + 1 + octal;
    }
    const auto digits = rest.substr(0, 3);
    if (!digits.starts_with('x') || digits.size() != 3 || hex_end(digits, 1) != 3) {
        return line.refuse(position, R"(\\ \" \' \n \r \t, \xNN or an octal number)");
    }
    append_pairs(digits.substr(1), bytes_);
    return position + 4;
}

// gdb: `'x' <repeats 30 times>`.
result<std::size_t> byte_text::read_repeats(const text_line& line, std::size_t position) {
    constexpr std::size_t begin = 9;
    const auto rest = line.text.substr(position + begin);
    const auto end = rest.find(" times>");
    const auto times = parse_digits(rest.substr(0, end), 10);
    if (!times || end == std::string_view::npos || *times == 0) {
        return line.refuse(position, "<repeats 5 times>");
    }
    if (*times > literal_bytes_max / literal_size_) {
        return line.object(position, "these are more than 64MiB");
    }
    const auto literal = bytes_.substr(bytes_.size() - literal_size_);
    for (auto i = *times; i > 1; --i) bytes_ += literal;
    literal_size_ = 0;
    auto next = position + begin + end + 7;
    cut_ = line.text.substr(next).starts_with("...");
    return cut_ ? next + 3 : next;
}

}  // namespace framewire
