#pragma once

#include "framewire/codec/announced.hpp"
#include "framewire/core/quote.hpp"
#include "prefixed_decoder.ipp"
#include "spec_reader.hpp"

#include <fmt/format.h>

namespace framewire {

template <length_number Number>
header_step announced_header<Number>::advance(bytes input, std::uint64_t length_max) noexcept {
    const auto before = options_.before();
    std::size_t at = 0;
    for (; taken_ < before && at < input.size(); ++at, ++taken_) {
        if (taken_ < options_.magic_size && input[at] != options_.magic[taken_]) {
            return {.error = errc::frame_syntax};
        }
    }
    const auto limit = plain_ ? length_max : options_.field_max(length_max);
    while (at < input.size()) {
        if (const auto error = number_.add(input[at], limit)) return {.error = *error};
        ++at;
        ++taken_;
        if (number_.complete()) return finish(at, length_max);
    }
    return {.taken = at};
}

template <length_number Number>
header_step announced_header<Number>::finish(std::size_t taken,
                                             std::uint64_t length_max) noexcept {
    const auto field = number_.value();
    idle_.reset();
    if (options_.is_idle(field)) {
        idle_ = static_cast<std::uint32_t>(field);
        length_ = 0;
        return {.taken = taken, .complete = true};
    }
    const auto length = options_.length_of(field);
    if (!length) {
        if (length.error() == errc::frame_length_syntax) taken_ = options_.before();
        return {.error = length.error()};
    }
    if (*length > length_max) return {.error = errc::frame_too_large};
    length_ = *length;
    continues_ = options_.continues(field, options_.masked(number_.value_max()));
    return {.taken = taken, .complete = true};
}

template <length_number Number>
std::string announced_header<Number>::expectation() const {
    if (taken_ < options_.magic_size) {
        return fmt::format("{} and a length", quote(options_.magic_bytes()));
    }
    // Any bytes are a binary number, but it may be too small.
    constexpr bool is_any = requires { Number::any_bytes; };
    if (options_.adjust < 0 && (is_any || number_.complete())) {
        return fmt::format("a length of at least {}", -options_.adjust);
    }
    return number_.expectation();
}

template <length_number Number>
result<announced<Number>> announced<Number>::parse(spec_reader& spec) {
    const auto number = Number::parse(spec);
    if (!number) return tl::unexpected(number.error());
    const announced plain{*number, {}};
    return length_options::parse(spec, plain.value_max, plain.counts())
        .map([&](const length_options& options) {
            return announced{*number, options};
        });
}

template <length_number Number>
tl::expected<void, errc> announced<Number>::begin_among_options(std::uint64_t length,
                                                                std::string& out) const {
    const auto field = options.field_for(last_fragment(length), value_max);
    if (!field) return tl::unexpected(field.error());
    options.write_before(out);
    if (options.lead == 0) write_length(length, out);
    return {};
}

// The bytes of a payload that are in its last frame.
template <length_number Number>
std::uint64_t announced<Number>::last_fragment(std::uint64_t length) const {
    const auto most = fragment_bytes_max();
    if (most == unknown_length || length < most) return length;
    // A frame of the largest length continues, if only in an empty one.
    return options.joins_full ? length % most : (length - 1) % most + 1;
}

template <length_number Number>
void announced<Number>::write_length(std::uint64_t left, std::string& out) const {
    const auto most = fragment_bytes_max();
    if (most != unknown_length && last_fragment(left) != left) {
        number.write(options.continuing_field(value_max), out);
    } else {
        number.write(options.field_for(left, value_max).value_or(0), out);
    }
}

template <length_number Number>
void announced<Number>::write_interrupted(std::uint64_t length, std::uint64_t written, bytes data,
                                          std::string& out) const {
    const auto lead = std::uint64_t{options.lead};
    const auto most = fragment_bytes_max();
    while (!data.empty()) {
        const auto room = written < lead ? lead - written : most - (written - lead) % most;
        const auto part =
            data.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(room, data.size())));
        out += part;
        data.remove_prefix(part.size());
        written += part.size();
        if (part.size() != room) continue;
        if (written == lead) {
            write_length(length, out);
        } else if (written < length || options.joins_full) {
            options.write_before(out);
            write_length(length - written, out);
        }
    }
}

template <length_number Number>
tl::expected<void, errc> announced<Number>::encode_idle(std::uint32_t field,
                                                        std::string& out) const {
    if (!options.is_idle(field)) return tl::unexpected(errc::frame_wrong_size);
    options.write_before(out);
    number.write(field, out);
    return {};
}

template <length_number Number>
frame_layout announced<Number>::describe() const {
    auto layout = number.describe();
    options.describe(layout);
    layout.unit = counts();
    layout.expectation = announced_header<Number>(number, options).expectation();
    return {.length = std::move(layout)};
}

template <length_number Number>
std::string announced<Number>::describe_header(bytes header) const {
    const auto field = header.substr(std::min(options.before(), header.size()));
    auto text = number.explain(field);
    if (text.empty() && is_plain) return text;
    auto read = number;
    for (const char byte : field) (void)read.add(byte, unknown_length);
    if (text.empty()) text = fmt::format("{}", field);
    return options.explain_before(header) + text + options.explain_field(read.value());
}

}  // namespace framewire
