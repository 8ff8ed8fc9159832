#include "framewire/codec/content_length.hpp"

#include "decimal_digits.hpp"
#include "prefixed_decoder.ipp"
#include "spec_reader.hpp"

namespace framewire {
namespace {

constexpr bytes usual_start = "Content-Length: ";
constexpr bytes usual_end = "\r\n\r\n";

bool begins_with_letter(bytes beginning) noexcept {
    const auto first = beginning.front();
    return (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
}

}  // namespace

result<content_length> content_length::parse(spec_reader& spec) {
    const auto start = spec.position("start");
    const auto without = spec.position("missing");
    auto rules = field_rules::parse(spec);
    if (!rules) return tl::unexpected(rules.error());
    if (rules->has_start_line) {
        return spec.refuse(start, "fields=keep with 'start', as else no such line could be sent");
    }
    if (rules->without == field_rules::missing::is_end) {
        return spec.refuse(without, "fields=keep with 'missing=end'");
    }
    return content_length{*rules};
}

header_step content_length_header::advance(bytes input, std::uint64_t length_max) noexcept {
    for (std::size_t at = 0; at < input.size(); ++at) {
        if (lines.taken() == bytes_max) return {.error = errc::frame_syntax};
        if (const auto error = lines.take(input[at], length_max)) return {.error = *error};
        if (lines.complete()) return {.taken = at + 1, .complete = true};
    }
    return {.taken = input.size()};
}

std::size_t content_length_header::peek(bytes input, std::uint64_t& length) const noexcept {
    constexpr auto size_max = usual_start.size() + decimal_length::digits_max + usual_end.size();
    if (input.size() < size_max || !input.starts_with(usual_start)) return 0;
    if (!lines.rules().is_usual) return 0;
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

std::string_view content_length_header::recognise(const misread& what) const noexcept {
    if (what.code == errc::frame_too_large) return {};
    if (const auto fault = lines.fault(what.beginning); !fault.empty()) return fault;
    if (what.code != errc::frame_syntax) return {};
    // At the start of a line, it would be a field of this header.
    const auto next = what.beginning.find(usual_start, 1);
    if (next != bytes::npos && what.beginning[next - 1] != '\n') return in_the_middle;
    if (looks_like_decimal_length(what.beginning)) return "looks like a decimal header";
    if (looks_like_binary_length(what.beginning)) return "looks like a binary length";
    const bool has_field =
        what.beginning.find(':') != bytes::npos && begins_with_letter(what.beginning);
    return has_field ? std::string_view{} : looks_like_text(what.beginning);
}

frame_layout content_length::describe() const {
    return {.length = length_layout{.written = notation::fields,
                                    .fields = rules.describe(),
                                    .expectation = rules.expectation()}};
}

std::string content_length::describe_header(bytes header) const {
    const auto field = rules.find_length(header);
    return field.empty() ? std::string() : quote(field);
}

template class prefixed_decoder<content_length_header>;

}  // namespace framewire
