#include "byte_text.hpp"

#include <array>
#include <utility>

namespace framewire {
namespace {

constexpr std::string_view separators = " \t,:";
constexpr std::string_view expected_bytes = "pairs of hexadecimal digits or quoted text";
constexpr std::string_view bytes_hint =
    "understood are the output of xxd, hexdump -C and Python, transcripts, and bytes such as "
    "30 35 or 0x30, 0x35; text must be in double quotes";

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

}  // namespace

result<void> byte_text::read(const text_line& line, std::size_t position) {
    while (position < line.text.size()) {
        position = line.text.find_first_not_of(separators, position);
        if (position == std::string_view::npos) break;
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
    if (is_at(line, position, "\"")) return read_quoted(line, position, false);
    if (is_at(line, position, "b'") || is_at(line, position, "b\"")) {
        return read_quoted(line, position + 1, true);
    }
    if (is_at(line, position, "0x") || is_at(line, position, "0X")) {
        return read_number(line, position);
    }
    if (is_at(line, position, "\\x")) return read_escape(line, position, false);
    return read_digits(line, position);
}

result<std::size_t> byte_text::read_digits(const text_line& line, std::size_t position) {
    const auto end = hex_end(line.text, position);
    if (end == position) return line.refuse(position, expected_bytes, std::string(bytes_hint));
    if (end < line.text.size() &&
        (separators.find(line.text[end]) == std::string_view::npos && line.text[end] != '"')) {
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
    auto at = position + 1;
    while (at < text.size() && text[at] != mark) {
        if (text[at] == '\\') {
            const auto next = read_escape(line, at, python);
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
    constexpr std::string_view left_out = "...";
    cut_ = text.substr(at).starts_with(left_out);
    return cut_ ? at + left_out.size() : at;
}

result<std::size_t> byte_text::read_escape(const text_line& line, std::size_t position,
                                           bool python) {
    constexpr std::string_view names = "nrt\"\\'";
    constexpr std::string_view values = "\n\r\t\"\\'";
    const auto rest = line.text.substr(position + 1);
    const auto name = rest.empty() ? std::string_view::npos : names.find(rest.front());
    if (name != std::string_view::npos && (python || rest.front() != '\'')) {
        bytes_ += values[name];
        return position + 2;
    }
    const auto digits = rest.substr(0, 3);
    if (!digits.starts_with('x') || digits.size() != 3 || hex_end(digits, 1) != 3) {
        return line.refuse(position,
                           python ? R"(\\ \' \" \n \r \t or \xNN)" : R"(\\ \" \n \r \t or \xNN)");
    }
    append_pairs(digits.substr(1), bytes_);
    return position + 4;
}

}  // namespace framewire
