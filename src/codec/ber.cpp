#include "framewire/codec/ber.hpp"

#include "value_decoder.ipp"

#include <algorithm>

namespace framewire {

scanned_part ber_scanner::advance(bytes input, std::uint64_t payload_bytes_max) noexcept {
    for (std::size_t at = 0; at < input.size();) {
        if (place_ == place::contents) {
            const auto size = std::min<std::uint64_t>(left_, input.size() - at);
            left_ -= size;
            at += static_cast<std::size_t>(size);
            if (left_ == 0) end_value();
        } else {
            const auto room =
                payload_bytes_max - std::min<std::uint64_t>(payload_bytes_max, at + 1);
            const auto error = take(static_cast<std::uint8_t>(input[at]), room);
            if (error) return {.taken = at, .error = *error};
            ++at;
        }
        if (complete_) return {.taken = at, .data = input.substr(0, at), .complete = true};
    }
    return {.taken = input.size(), .data = input};
}

optional_errc ber_scanner::take(std::uint8_t byte, std::uint64_t room) noexcept {
    switch (place_) {
        case place::identifier: return take_identifier(byte);
        case place::tag: return take_tag(byte);
        case place::end:
            if (byte != 0) return errc::frame_length_syntax;
            --depth_;
            end_value();
            return std::nullopt;
        default: return take_length(byte, room);
    }
}

optional_errc ber_scanner::take_identifier(std::uint8_t byte) noexcept {
    constexpr std::uint8_t constructed = 0x20;
    constexpr std::uint8_t long_tag = 0x1F;
    if (byte == 0 && depth_ == 0) return errc::frame_syntax;
    constructed_ = (byte & constructed) != 0;
    count_ = 0;
    place_ = byte == 0 ? place::end : (byte & long_tag) == long_tag ? place::tag : place::length;
    return std::nullopt;
}

// Seven bits a byte; the first of them may not all be zero.
optional_errc ber_scanner::take_tag(std::uint8_t byte) noexcept {
    const bool last = byte < 0x80;
    if (count_ == 0 && byte == 0x80) return errc::frame_syntax;
    if (++count_ == tag_bytes_max && !last) return errc::frame_syntax;
    if (last) place_ = place::length;
    return std::nullopt;
}

optional_errc ber_scanner::take_length(std::uint8_t byte, std::uint64_t room) noexcept {
    if (place_ == place::length_bytes) {
        left_ = left_ << 8 | byte;
        return --count_ > 0 ? std::nullopt : begin_contents(room);
    }
    constexpr std::uint8_t indefinite = 0x80;
    if (byte == indefinite) {
        if (!constructed_ || depth_ == nesting_max) return errc::frame_length_syntax;
        ++depth_;
        place_ = place::identifier;
        return std::nullopt;
    }
    if (byte < indefinite) {
        left_ = byte;
        return begin_contents(room);
    }
    count_ = byte & 0x7F;
    if (count_ > length_bytes_max) return errc::frame_length_syntax;
    left_ = 0;
    place_ = place::length_bytes;
    return std::nullopt;
}

optional_errc ber_scanner::begin_contents(std::uint64_t room) noexcept {
    if (left_ > std::min(room, length_max)) return errc::frame_too_large;
    place_ = place::contents;
    if (left_ == 0) end_value();
    return std::nullopt;
}

void ber_scanner::end_value() noexcept {
    complete_ = depth_ == 0;
    place_ = place::identifier;
}

// Each indefinite length ends with two bytes.
std::uint64_t ber_scanner::wanted() const noexcept {
    const auto ends = std::uint64_t{2} * depth_;
    switch (place_) {
        case place::identifier: return ends;
        case place::tag: return ends + 2;
        case place::length: return ends + 1;
        case place::end: return ends - 1;
        case place::length_bytes: return ends + count_;
        default: return ends + left_;
    }
}

std::string ber_scanner::expectation() const {
    switch (place_) {
        case place::identifier: return "an identifier of BER";
        case place::tag: return fmt::format("a tag number of at most {} bytes", tag_bytes_max);
        case place::end: return "the second byte of an end of contents";
        case place::length_bytes: return "a length";
        case place::contents: return "the end of its contents";
        default: break;
    }
    if (depth_ == nesting_max) return fmt::format("no deeper nesting than {}", depth_);
    return constructed_ ? "a length of at most 8 bytes, or none" : "a length of at most 8 bytes";
}

std::string_view ber_scanner::recognise(bytes beginning) noexcept {
    return looks_like_text(beginning);
}

template class value_decoder<ber_scanner>;

}  // namespace framewire
