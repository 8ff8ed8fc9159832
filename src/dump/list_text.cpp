#include "byte_text.hpp"
#include "dump_row.hpp"
#include "forms.hpp"
#include "list_reader.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cctype>
#include <utility>

namespace framewire {
namespace {

// A list of a million numbers is no longer pasted.
constexpr std::size_t numbers_max = 1U << 20U;
constexpr std::string_view number_characters = "0123456789abcdefABCDEFxX-";

bool is_name(char one) { return std::isalnum(static_cast<unsigned char>(one)) != 0 || one == '_'; }

struct opening {
    std::size_t begin = std::string_view::npos;  // of the bracket
    std::size_t end = 0;                         // where the first number may be
    char close = 0;
    bool is_hex = false;
};

std::size_t skip_space(std::string_view text, std::size_t at) {
    return std::min(text.find_first_not_of(white_space, at), text.size());
}

// `[25]` after a name, or before one, is a size: `buf[25]`, `[25]byte{`.
bool is_size(std::string_view text, std::size_t at) {
    if (at > 0 && (is_name(text[at - 1]) || text[at - 1] == '*')) return true;
    const auto close = text.find(']', at);
    return close != std::string_view::npos && close + 1 < text.size() && is_name(text[close + 1]);
}

bool may_begin(std::string_view text, std::size_t at) {
    at = skip_space(text, at);
    if (at == text.size() || text.substr(at).starts_with("/*")) return true;
    const char first = text[at];
    // A key of JSON begins with a quote, too.
    if (first == '"') return false;
    return std::isdigit(static_cast<unsigned char>(first)) != 0 || first == '-' || first == '\'' ||
           first == '(' || (hex_end(text, at) - at == 2);
}

std::optional<opening> find_opening(std::string_view text, std::size_t from, bool of_node) {
    constexpr std::string_view node = "<Buffer ";
    constexpr std::string_view contents = "[Uint8Contents]: <";
    for (auto at = from; at < text.size(); ++at) {
        const auto rest = text.substr(at);
        if (rest.starts_with(node)) return opening{at, at + node.size(), '>', true};
        if (rest.starts_with(contents)) return opening{at, at + contents.size(), '>', true};
        if (of_node) continue;
        if (rest.starts_with("<<")) {
            const bool text_first = rest.substr(2).starts_with('"');
            if (text_first || may_begin(text, at + 2)) return opening{at, at + 2, '>', false};
        }
        if (rest.front() == '{' && may_begin(text, at + 1)) return opening{at, at + 1, '}', false};
        if (rest.front() == '[' && !is_size(text, at) && may_begin(text, at + 1)) {
            return opening{at, at + 1, ']', false};
        }
        // JSON of Node: {"type":"Buffer","data":[0,0]}
        constexpr std::string_view json = R"({"type":"Buffer","data":[)";
        if (rest.starts_with(json)) return opening{at, at + json.size(), ']', false};
        if (rest.front() == '"') return std::nullopt;
    }
    return std::nullopt;
}

// Text in quotes may say anything.
bool has_unquoted(std::string_view text, std::string_view words) {
    bool is_quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '"') is_quoted = !is_quoted;
        if (is_quoted && text[at] == '\\') ++at;
        if (!is_quoted && text.substr(at).starts_with(words)) return true;
    }
    return false;
}

// An object of Node has other brackets around its buffers.
bool is_of_node(const std::vector<text_line>& lines) {
    return std::ranges::any_of(lines, [](const text_line& line) {
        return has_unquoted(line.text, "<Buffer ") ||
               has_unquoted(line.text, "[Uint8Contents]: <");
    });
}

// Wireshark names arrays by the peer that sent them: `char peer1_0[] = {`.
stream_side side_of_name(std::string_view before) {
    return before.find("peer1") != std::string_view::npos ? stream_side::server
                                                          : stream_side::client;
}

class list_text_reader {
public:
    result<dump> read(const std::vector<text_line>& lines) {
        of_node_ = is_of_node(lines);
        for (const auto& line : lines) {
            if (const auto done = take(line); !done) return tl::unexpected(done.error());
        }
        if (open_) {
            return lines.back().refuse(lines.back().text.size(),
                                       fmt::format("{} after the last byte", open_->close));
        }
        return std::move(found_);
    }

private:
    result<void> take(const text_line& line) {
        std::size_t at = 0;
        while (at < line.text.size()) {
            if (!open_) {
                const auto next = find_opening(line.text, at, of_node_);
                if (!next) return take_rest(line, at);
                if (found_.cut) {
                    return line.object(next->begin, "bytes are missing before these",
                                       "only the end of a stream may be missing");
                }
                open_ = next;
                from_ = side_of_name(line.text.substr(at, next->begin - at));
                at = next->end;
                continue;
            }
            const auto next = take_element(line, at);
            if (!next) return tl::unexpected(next.error());
            at = *next;
        }
        return {};
    }

    // `unsigned int m_bin_len = 25;` of xxd -i says what must be there.
    result<void> take_rest(const text_line& line, std::size_t at) {
        constexpr std::string_view length = "_len = ";
        const auto begin = line.text.find(length, at);
        if (begin == std::string_view::npos || found_.pieces.empty()) return {};
        auto digits = line.text.substr(begin + length.size());
        digits = digits.substr(0, digits.find(';'));
        const auto size = parse_digits(digits, 10);
        if (size && *size != found_.pieces.back().data.size()) {
            return line.object(begin, fmt::format("{} bytes are here, and the text says {}",
                                                  found_.pieces.back().data.size(), *size));
        }
        return {};
    }

    result<std::size_t> take_element(const text_line& line, std::size_t at) {
        const auto rest = line.text.substr(at);
        if (rest.starts_with("/*")) {
            const auto end = line.text.find("*/", at);
            return end == std::string_view::npos ? line.text.size() : end + 2;
        }
        if (rest.starts_with("//")) return line.text.size();
        if (rest.starts_with("...")) return take_cut(line, at);
        if (rest.front() == open_->close) return close(line, at);
        if (rest.starts_with("(byte)")) return at + 6;
        if (rest.starts_with("<repeats ")) return take_repeats(line, at);
        if (white_space.find(rest.front()) != std::string_view::npos || rest.front() == ',') {
            return at + 1;
        }
        if (rest.front() == '"' || rest.front() == '\'') return take_quoted(line, at);
        return take_number(line, at);
    }

    result<std::size_t> take_number(const text_line& line, std::size_t at) {
        const auto text = line.text;
        const auto end = std::min(text.find_first_not_of(number_characters, at), text.size());
        auto next = end;
        // 5u8 of Rust, 5U of C.
        while (next < text.size() && next > at && is_name(text[next])) ++next;
        if (end == at || (next != end && text[end] != 'u' && text[end] != 'U')) {
            return line.refuse(at, fmt::format("a number, or {}", open_->close));
        }
        if (found_.cut) return line.object(at, "bytes are missing before these");
        if (numbers_.size() == numbers_max) {
            return line.object(at, fmt::format("more than {} numbers", numbers_max),
                               "--bytes reads a file as it is");
        }
        lines_.push_back(line);
        numbers_.push_back({.word = text.substr(at, end - at), .position = at});
        return next;
    }

    result<std::size_t> take_quoted(const text_line& line, std::size_t at) {
        byte_text text;
        auto end = text.read_literal(line, at);
        if (!end) return end;
        lines_.push_back(line);
        numbers_.push_back({.position = at, .text = text.take_bytes()});
        return end;
    }

    result<std::size_t> take_repeats(const text_line& line, std::size_t at) {
        constexpr std::string_view end = " times>";
        constexpr std::size_t begin_size = 9;
        const auto close = line.text.find(end, at);
        const auto times = parse_digits(
            line.text.substr(at + begin_size, close - std::min(close, at + begin_size)), 10);
        if (!times || numbers_.empty()) return line.refuse(at, "<repeats 5 times>");
        numbers_.back().times = *times;
        return close + end.size();
    }

    // `...`, `... 10 more bytes`, up to the closing bracket.
    result<std::size_t> take_cut(const text_line& line, std::size_t at) {
        found_.cut = true;
        const auto close = std::min(line.text.find(open_->close, at), line.text.size());
        auto rest = trim(line.text.substr(at + 3, close - at - 3));
        rest.remove_prefix(std::min(rest.find_first_not_of("0123456789 "), rest.size()));
        if (!rest.empty() && !rest.starts_with("more ")) {
            return line.object(at, "bytes are missing here",
                               "only the end of a stream may be missing");
        }
        return close;
    }

    result<std::size_t> close(const text_line& line, std::size_t at) {
        for (std::size_t i = 0; i < numbers_.size(); ++i) numbers_[i].line = &lines_[i];
        auto data = bytes_of_numbers(numbers_, open_->is_hex, found_.remarks);
        if (!data) return tl::unexpected(data.error());
        numbers_.clear();
        lines_.clear();
        const bool is_erlang = line.text.substr(at).starts_with(">>");
        open_.reset();
        if (!data->empty()) found_.pieces.push_back({.from = from_, .data = *std::move(data)});
        return at + (is_erlang ? 2 : 1);
    }

    dump found_{.form = "list of numbers"};
    std::optional<opening> open_;
    bool of_node_ = false;
    stream_side from_ = stream_side::client;
    std::vector<list_number> numbers_;
    std::vector<text_line> lines_;
};

bool is_decimal_word(std::string_view word) {
    const auto digits = word.substr(word.starts_with('-') ? 1 : 0);
    const auto value = parse_digits(digits, 10);
    return value && *value <= 255 && (digits.size() == 1 || digits.front() != '0');
}

template <class Each>
void for_each_word(std::string_view text, Each each) {
    constexpr std::string_view borders = " \t,;";
    for (auto at = text.find_first_not_of(borders); at != std::string_view::npos;
         at = text.find_first_not_of(borders, at)) {
        const auto end = std::min(text.find_first_of(borders, at), text.size());
        each(text.substr(at, end - at), at);
        at = end;
    }
}

}  // namespace

bool is_list(const pasted_text& text) {
    const auto first = text.content.front().text;
    constexpr std::string_view of_others = "<>=@\"'";
    if (is_of_node(text.content) &&
        (first.starts_with("<B") || of_others.find(first.front()) == std::string_view::npos)) {
        return true;
    }
    const auto found = find_opening(first, 0, false);
    if (found) {
        const auto rest = skip_space(first, found->end);
        // Nothing but white space: the numbers must be in the next line.
        if (rest < first.size() || text.content.size() == 1) return true;
        const auto next = text.content[1].text;
        return may_begin(next, 0);
    }
    return false;
}

result<dump> read_list(const pasted_text& text, const dump_options& /*options*/) {
    return list_text_reader().read(text.content);
}

bool is_decimals(const pasted_text& text) {
    // A number of one or three digits cannot be a pair of hexadecimal digits.
    bool is_decimal = true;
    bool is_certain = false;
    std::size_t count = 0;
    for (const auto& line : text.content) {
        for_each_word(line.text, [&](std::string_view word, std::size_t) {
            is_decimal = is_decimal && is_decimal_word(word);
            is_certain = is_certain || word.size() % 2 == 1 || word.front() == '-';
            ++count;
        });
        if (!is_decimal) return false;
    }
    return is_certain && count > 1 && count <= numbers_max;
}

result<dump> read_decimals(const pasted_text& text, const dump_options& /*options*/) {
    dump found{.form = "decimal numbers"};
    std::vector<list_number> numbers;
    for (const auto& line : text.content) {
        for_each_word(line.text, [&](std::string_view word, std::size_t at) {
            numbers.push_back({.word = word, .line = &line, .position = at});
        });
    }
    return bytes_of_numbers(numbers, false, found.remarks).map([&](std::string all) {
        found.pieces.push_back({.data = std::move(all)});
        return std::move(found);
    });
}

}  // namespace framewire
