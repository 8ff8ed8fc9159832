#include "framewire/codec/detail/kept_scan.hpp"

#include "framewire/codec/detail/diagnosis.hpp"
#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {

void kept_scan::reset() noexcept {
    lines_.reset();
    binary_ = 0;
    binary_taken_ = 0;
    in_header_ = true;
    is_interleaved_ = has_size_ = complete_ = false;
}

header_step kept_scan::take_header(bytes input, std::uint64_t length_max) noexcept {
    if (input.empty()) return {};
    if (header_bytes() == 0) is_interleaved_ = edges_.interleaved == input.front();
    if (is_interleaved_) return take_interleaved(input, length_max);
    for (std::size_t at = 0; at < input.size(); ++at) {
        if (lines_.taken() == header_bytes_max) return {.error = errc::frame_syntax};
        if (const auto error = lines_.take(input[at], length_max)) return {.error = *error};
        if (lines_.complete()) {
            const bool ends_by_itself =
                !lines_.has_length() && lines_.rules().without == field_rules::missing::is_end;
            begin_body(lines_.length(), !ends_by_itself);
            return {.taken = at + 1, .complete = true};
        }
    }
    return {.taken = input.size()};
}

header_step kept_scan::take_interleaved(bytes input, std::uint64_t length_max) noexcept {
    for (std::size_t at = 0; at < input.size(); ++at) {
        binary_ = static_cast<std::uint16_t>(binary_ << 8U | static_cast<std::uint8_t>(input[at]));
        const bool is_last = binary_taken_ + 1U == interleaved_bytes;
        if (is_last && binary_ > length_max) return {.error = errc::frame_too_large};
        ++binary_taken_;
        if (is_last) {
            begin_body(binary_, true);
            return {.taken = at + 1, .complete = true};
        }
    }
    return {.taken = input.size()};
}

void kept_scan::begin_body(std::uint64_t size, bool has_size) noexcept {
    in_header_ = false;
    has_size_ = has_size;
    left_ = size;
    complete_ = has_size && size == 0;
}

std::size_t kept_scan::take_body(bytes input) noexcept {
    if (has_size_) {
        const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
        left_ -= taken;
        complete_ = left_ == 0;
        return taken;
    }
    const auto end = input.find(edges_.end.view().front());
    complete_ = end != bytes::npos;
    return std::min(end, input.size());
}

decoded kept_decoder::next(bytes& input) {
    if (has_failed()) return {.what = step::failed};
    if (place_ == place::between && !begin_message(input)) return {.wanted = wanted()};
    const auto seen = input;
    const auto data = [&] { return seen.substr(0, seen.size() - input.size()); };
    if (place_ == place::header) {
        if (const auto pending = read_header(input)) return *pending;
        if (place_ == place::header) return deliver_or_wait(data(), false);
    }
    if (place_ == place::payload) {
        if (const auto pending = read_body(input)) return *pending;
        if (place_ == place::payload) return deliver_or_wait(data(), false);
    }
    const auto payload = data();
    if (const auto pending = read_end(input)) return *pending;
    return deliver_or_wait(payload, place_ == place::between);
}

// False if nothing has arrived but what may be between messages.
bool kept_decoder::begin_message(bytes& input) noexcept {
    while (!input.empty() && scan_.edges().skip.contains(input.front())) take(input, 1);
    if (input.empty()) return false;
    begin_frame(offset_, place::header);
    scan_.reset();
    end_taken_ = 0;
    return true;
}

std::optional<decoded> kept_decoder::read_header(bytes& input) {
    const bool may_skip = limit_.may_skip_late();
    const auto room =
        limit_.payload_bytes_max - std::min(payload_bytes_, limit_.payload_bytes_max);
    // So that the error is the same however much has arrived.
    const auto known =
        may_skip ? input
                 : input.substr(
                       0, static_cast<std::size_t>(std::min<std::uint64_t>(room, input.size())));
    const auto found =
        scan_.take_header(known, may_skip ? unknown_length - 1 : limit_.payload_bytes_max);
    if (found.error) return fail_header(*found.error, input);
    const auto seen = input;
    payload_bytes_ += found.taken;
    take(input, found.taken);
    sample_.keep(seen.substr(0, found.taken));
    if (!found.complete) return input.empty() ? outgrow(0) : outgrow(1);
    place_ = scan_.complete() ? place::trailer : place::payload;
    return outgrow(scan_.has_size() ? scan_.body_left() : 0);
}

std::optional<decoded> kept_decoder::read_body(bytes& input) {
    const auto taken = scan_.take_body(input);
    payload_bytes_ += taken;
    take(input, taken);
    if (scan_.complete()) place_ = place::trailer;
    if (scan_.has_size() || payload_bytes_ <= limit_.payload_bytes_max) return std::nullopt;
    return outgrow(0);
}

std::optional<decoded> kept_decoder::read_end(bytes& input) {
    const auto end = scan_.edges().end.view();
    for (; end_taken_ < end.size() && !input.empty(); ++end_taken_) {
        if (input.front() != end[end_taken_]) {
            return fail(
                errc::frame_syntax, offset_,
                fmt::format("{} where the frame should end with {}", quote(input, 4), quote(end)));
        }
        take(input, 1);
    }
    if (end_taken_ == end.size()) place_ = place::between;
    return std::nullopt;
}

// Decides about a message that has `size` more bytes than those taken.
std::optional<decoded> kept_decoder::outgrow(std::uint64_t size) {
    if (skipping_ || payload_bytes_ + size <= limit_.payload_bytes_max) return std::nullopt;
    if (limit_.may_skip_late()) {
        skipping_ = true;
        return std::nullopt;
    }
    if (!scan_.in_header() && !scan_.has_size()) {
        offset_ = frame_offset_ + limit_.payload_bytes_max;
    }
    return fail(errc::frame_too_large, frame_offset_,
                fmt::format("{} begins a message of more than the {} bytes allowed",
                            quote(sample_.view()), limit_.payload_bytes_max));
}

decoded kept_decoder::deliver_or_wait(bytes data, bool last) noexcept {
    auto found = deliver(data, last);
    if (found.what == step::need_more) found.wanted = wanted();
    return found;
}

std::uint64_t kept_decoder::wanted() const noexcept {
    switch (place_) {
        case place::header: return scan_.header_wanted();
        case place::payload: return scan_.has_size() ? scan_.body_left() : 1;
        case place::trailer: return scan_.edges().end.view().size() - end_taken_;
        default: return 1;
    }
}

decoded kept_decoder::fail_header(errc code, bytes rest) {
    sample_.keep(rest);
    offset_ = frame_offset_ + scan_.header_bytes();
    const auto seen = sample_.view();
    if (code == errc::frame_too_large) {
        return fail(code, frame_offset_,
                    fmt::format("{} announces more than the {} bytes allowed", quote(seen),
                                limit_.payload_bytes_max));
    }
    auto guess = scan_.lines().fault(seen);
    if (guess.empty()) guess = looks_like_protocol(seen);
    if (guess.empty() && looks_like_binary_length(seen)) guess = "looks like a binary length";
    return fail(
        code, offset_,
        fmt::format("{} where {} were expected{}{}", quote(seen),
                    scan_.lines().rules().expectation(), guess.empty() ? "" : "; ", guess));
}

wire_error kept_decoder::truncation() const {
    const auto seen = quote(sample_.view());
    if (place_ == place::header) {
        return {
            errc::frame_truncated, offset_,
            fmt::format("the stream ended after {} bytes of a header: {}", payload_bytes_, seen)};
    }
    if (place_ == place::trailer) {
        return {errc::frame_truncated, offset_, "the stream ended before the frame's last byte"};
    }
    if (!scan_.has_size()) {
        return {errc::frame_truncated, offset_,
                fmt::format("the stream ended after {} bytes of a message, without {}: {}",
                            payload_bytes_, quote(scan_.edges().end.view()), seen)};
    }
    const auto header = scan_.header_bytes();
    const auto received = payload_bytes_ - header;
    return {errc::frame_truncated, offset_,
            fmt::format("was expecting {} bytes but only received {} bytes before the socket "
                        "closed",
                        received + scan_.body_left(), received)};
}

}  // namespace framewire
