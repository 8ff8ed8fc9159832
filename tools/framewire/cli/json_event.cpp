#include "json_event.hpp"

#include "framewire/core/error.hpp"
#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"
#include "framewire/core/utf8.hpp"
#include "python_text.hpp"
#include "timestamp.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace framewire {
namespace {

bool is_plain(char byte) noexcept {
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

void append_unit(std::uint32_t unit, std::string& out) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u";
    for (const unsigned shift : {12U, 8U, 4U, 0U}) out += digits[unit >> shift & 0xF];
}

// As UTF-16, in which JSON escapes.
void append_code_point(std::uint32_t code, std::string& out) {
    constexpr std::uint32_t supplementary = 0x10000;
    if (code < supplementary) return append_unit(code, out);
    append_unit(0xD800 + ((code - supplementary) >> 10), out);
    append_unit(0xDC00 + ((code - supplementary) & 0x3FF), out);
}

std::uint32_t code_point(bytes character) noexcept {
    const auto size = character.size();
    auto value = static_cast<std::uint32_t>(static_cast<std::uint8_t>(character[0])) &
                 (size == 1 ? 0x7FU : 0x7FU >> size);
    for (const char byte : character.substr(1)) {
        value = value << 6 | (static_cast<std::uint8_t>(byte) & 0x3FU);
    }
    return value;
}

void append_character(bytes character, std::string& out) {
    switch (character.front()) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: break;
    }
    if (is_visible(character)) {
        out += character;
    } else {
        append_code_point(code_point(character), out);
    }
}

// The size of the character that the input begins with; 0 if it is not UTF-8.
std::size_t character_size(bytes input) noexcept {
    constexpr std::size_t size_max = 4;
    utf8_counter counter;
    const auto size = counter.advance(input.substr(0, size_max), 1);
    return counter.valid() && !counter.inside_character() ? size : 0;
}

void append_text(bytes input, std::string& out) {
    constexpr std::string_view replacement = "\\ufffd";
    out += '"';
    while (!input.empty()) {
        // Most text is ASCII.
        const auto plain =
            static_cast<std::size_t>(std::ranges::find_if_not(input, is_plain) - input.begin());
        out += input.substr(0, plain);
        input.remove_prefix(plain);
        if (input.empty()) break;
        const auto size = character_size(input);
        size == 0 ? static_cast<void>(out += replacement)
                  : append_character(input.substr(0, size), out);
        input.remove_prefix(std::max<std::size_t>(size, 1));
    }
    out += '"';
}

void append_base64(bytes input, std::string& out) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (; !input.empty(); input.remove_prefix(std::min<std::size_t>(3, input.size()))) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = group << 8 | (i < input.size() ? static_cast<std::uint8_t>(input[i]) : 0U);
        }
        std::array<char, 4> text{};
        for (std::size_t i = 0; i < text.size(); ++i) {
            text.at(i) = i <= input.size() ? digits[group >> (18 - 6 * i) & 0x3F] : '=';
        }
        out.append(text.data(), text.size());
    }
}

// The members of an object.
class members {
public:
    void add(std::string_view name, std::string_view text) {
        if (text.empty()) return;
        begin(name);
        append_text(text, out_);
    }
    void add(std::string_view name, std::optional<std::uint64_t> number) {
        if (!number) return;
        begin(name);
        out_ += std::to_string(*number);
    }
    void add_payload(bytes data, bool is_truncated) {
        // A character that was cut is no reason to write the others as base64.
        const auto text = is_truncated ? whole_characters(data) : data;
        if (count_utf8(text) != unknown_length) {
            begin("payload");
            append_text(text, out_);
        } else {
            begin("payload_base64");
            out_ += '"';
            append_base64(data, out_);
            out_ += '"';
        }
        if (!is_truncated) return;
        begin("truncated");
        out_ += "true";
    }
    [[nodiscard]] std::string end() { return std::move(out_) + "}\n"; }

private:
    void begin(std::string_view name) {
        out_ += out_.size() > 1 ? ",\"" : "\"";
        out_.append(name).append("\":");
    }

    std::string out_ = "{";
};

std::string_view name_of(json_direction which) noexcept {
    return which == json_direction::received ? "received" : "sent";
}

// `NAME: WORDS` or `NAME at OFFSET: WORDS`
struct named_error {
    std::string_view name;
    std::optional<std::uint64_t> offset{};
    std::string_view words{};

    static std::optional<named_error> parse(std::string_view text) {
        constexpr std::string_view place = " at ";
        constexpr std::string_view border = ": ";
        const auto end = text.find(border);
        if (end == std::string_view::npos) return std::nullopt;
        named_error found{.name = text.substr(0, end), .words = text.substr(end + border.size())};
        if (const auto at = found.name.find(place); at != std::string_view::npos) {
            const auto offset = parse_number(found.name.substr(at + place.size()));
            if (!offset) return std::nullopt;
            found.offset = *offset;
            found.name = found.name.substr(0, at);
        }
        return is_known(found.name) ? std::optional(found) : std::nullopt;
    }
    static bool is_known(std::string_view name) {
        for (std::size_t i = 1; i <= errc_count; ++i) {
            if (error_name(static_cast<errc>(i)) == name) return true;
        }
        return false;
    }
};

}  // namespace

std::string json_line(const json_event& happened) {
    members all;
    if (happened.time) all.add("time", timestamp(*happened.time).text());
    all.add("event", happened.event);
    all.add("connection", happened.connection);
    all.add("address", happened.address);
    all.add("from", happened.from);
    all.add("to", happened.to);
    if (happened.direction) all.add("direction", name_of(*happened.direction));
    all.add("offset", happened.offset);
    all.add("size", happened.size);
    all.add("count", happened.count);
    all.add("reason", happened.reason);
    all.add("error", happened.error);
    all.add("message", happened.message);
    if (happened.payload) {
        const auto& data = *happened.payload;
        all.add_payload(data, happened.size && data.size() < *happened.size);
    }
    return all.end();
}

std::string json_failure(const failure& why) {
    json_event happened{.event = "failed", .message = why.message()};
    if (const auto found = named_error::parse(why.message())) {
        happened.error = found->name;
        happened.offset = found->offset;
        happened.message = found->words;
    }
    return json_line(happened);
}

}  // namespace framewire
