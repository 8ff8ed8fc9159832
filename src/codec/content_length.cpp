#include "framewire/codec/content_length.hpp"

#include "decimal.hpp"
#include "prefixed_decoder.ipp"

namespace framewire {
namespace {

constexpr bytes wanted_name = "content-length";
constexpr bytes usual_start = "Content-Length: ";
constexpr bytes usual_end = "\r\n\r\n";

bool is_letter(char byte) noexcept {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

char lower(char byte) noexcept {
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

// The bytes of a field's name: RFC 9110, section 5.6.2.
bool is_token(char byte) noexcept {
    return is_letter(byte) || is_digit(byte) ||
           (byte != '\0' && bytes("!#$%&'*+-.^_`|~").find(byte) != bytes::npos);
}

bool is_text(char byte) noexcept {
    const auto value = static_cast<std::uint8_t>(byte);
    return byte == '\t' || (value >= ' ' && value != 0x7F);
}

}  // namespace

header_step content_length_header::advance(bytes input, std::uint64_t length_max) noexcept {
    for (std::size_t at = 0; at < input.size(); ++at) {
        if (taken_ == bytes_max) return {.error = errc::frame_syntax};
        if (const auto error = take(input[at], length_max)) return {.error = error};
        ++taken_;
        if (complete_) return {.taken = at + 1, .complete = true};
    }
    return {.taken = input.size()};
}

std::optional<errc> content_length_header::take(char byte, std::uint64_t length_max) noexcept {
    switch (place_) {
        case place::line:
        case place::name: return take_in_name(byte);
        case place::space:
            if (byte != ' ') {
                return name_matches_ ? errc::frame_length_syntax : errc::frame_syntax;
            }
            place_ = name_matches_ ? place::number : place::value;
            return std::nullopt;
        case place::number: return take_in_number(byte, length_max);
        case place::value: return take_in_value(byte);
        default: break;
    }
    if (byte != '\n') return errc::frame_syntax;
    complete_ = place_ == place::last_line_feed;
    place_ = place::line;
    return std::nullopt;
}

std::optional<errc> content_length_header::take_in_name(char byte) noexcept {
    if (place_ == place::line) {
        if (byte == '\r') {
            if (!found_) return errc::frame_length_syntax;
            place_ = place::last_line_feed;
            return std::nullopt;
        }
        if (!is_letter(byte)) return errc::frame_syntax;
        place_ = place::name;
        matched_ = 0;
        name_matches_ = true;
    }
    if (byte == ':') {
        name_matches_ = name_matches_ && matched_ == wanted_name.size();
        // Two lengths, even equal ones, are how requests are smuggled.
        if (name_matches_ && found_) return errc::frame_length_syntax;
        place_ = place::space;
        return std::nullopt;
    }
    if (!is_token(byte)) return errc::frame_syntax;
    name_matches_ =
        name_matches_ && matched_ < wanted_name.size() && lower(byte) == wanted_name[matched_];
    if (name_matches_) ++matched_;
    return std::nullopt;
}

std::optional<errc> content_length_header::take_in_number(char byte,
                                                          std::uint64_t length_max) noexcept {
    if (is_digit(byte)) return number_.add(byte, length_max);
    if (byte != '\r' || number_.empty()) return errc::frame_length_syntax;
    found_ = true;
    place_ = place::line_feed;
    return std::nullopt;
}

std::optional<errc> content_length_header::take_in_value(char byte) noexcept {
    if (byte == '\r') {
        place_ = place::line_feed;
    } else if (!is_text(byte)) {
        return errc::frame_syntax;
    }
    return std::nullopt;
}

std::size_t content_length_header::peek(bytes input, std::uint64_t& length) const noexcept {
    constexpr auto size_max = usual_start.size() + decimal_length::digits_max + usual_end.size();
    if (input.size() < size_max || !input.starts_with(usual_start)) return 0;
    const auto rest = input.substr(usual_start.size());
    decimal_length number;
    std::size_t digits = 0;
    for (; is_digit(rest[digits]); ++digits) {
        if (number.add(rest[digits], length)) return 0;
    }
    if (digits == 0 || !rest.substr(digits).starts_with(usual_end)) return 0;
    length = number.value();
    return usual_start.size() + digits + usual_end.size();
}

std::size_t content_length_header::wanted() const noexcept {
    switch (place_) {
        case place::line:
            return found_ ? 2 : taken_ == 0 ? usual_start.size() + 1 + usual_end.size() : 1;
        case place::line_feed: return 3;
        default: return 1;
    }
}

std::string content_length_header::expectation() const {
    return "header fields with one Content-Length";
}

std::string_view content_length_header::recognise(const misread& what) noexcept {
    if (what.code != errc::frame_syntax) return {};
    // At the start of a line, it would be a field of this header.
    const auto next = what.beginning.find(usual_start, 1);
    if (next != bytes::npos && what.beginning[next - 1] != '\n') return in_the_middle;
    if (looks_like_decimal_length(what.beginning)) return "looks like a decimal header";
    if (looks_like_binary_length(what.beginning)) return "looks like a binary length";
    const bool has_field =
        what.beginning.find(':') != bytes::npos && is_letter(what.beginning.front());
    return has_field ? std::string_view{} : looks_like_text(what.beginning);
}

tl::expected<void, errc> content_length::begin(std::uint64_t announced, std::string& out) const {
    if (announced > decimal_length::value_max) return tl::unexpected(errc::frame_too_large);
    const fmt::format_int text(announced);
    out += usual_start;
    out.append(text.data(), text.size());
    out += usual_end;
    return {};
}

frame_layout content_length::describe() const {
    return {.length = length_layout{.written = notation::fields,
                                    .expectation = content_length_header{}.expectation()}};
}

std::string content_length::describe_header(bytes header) const {
    const auto is_same = [](char one, char other) { return lower(one) == other; };
    const auto found = std::ranges::search(header, bytes("content-length:"), is_same);
    if (found.empty()) return {};
    const auto field = header.substr(static_cast<std::size_t>(found.begin() - header.begin()));
    return quote(field.substr(0, field.find('\r')));
}

template class prefixed_decoder<content_length_header>;

}  // namespace framewire
