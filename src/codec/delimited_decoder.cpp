#include "framewire/codec/detail/delimited_decoder.hpp"

namespace framewire {

decoded delimited_decoder::next_piece(bytes& input) {
    if (has_failed()) return {.what = step::failed};
    while (!input.empty()) {
        const bool held_back = matched_ > 0 && scanned_ == 0;
        const auto found = held_back ? resume(input) : read_payload(input);
        if (found.what != step::need_more) return found;
    }
    return {.wanted = inside() ? end_.wanted(matched_) : 1};
}

// Decides about bytes that were held back: they are payload, or the boundary is complete.
decoded delimited_decoder::resume(bytes& input) {
    const auto held = matched_;
    const auto found = end_.resume(input, held);
    const auto known = held + found.scanned;
    const auto seen = input;
    matched_ = found.matched;
    if (!found.complete && found.matched <= found.scanned) {
        scanned_ = found.scanned;
        return deliver_seen(end_.mark().substr(0, held), false, seen);
    }
    if (!found.complete) sample_.keep(input);
    take_scanned(input, found.scanned);
    return deliver_seen(end_.mark().substr(0, known - found.matched), found.complete,
                        found.complete ? seen : bytes{});
}

decoded delimited_decoder::read_payload(bytes& input) {
    const auto found = end_.find(input, {.scanned = scanned_, .matched = matched_});
    const auto seen = input;
    const auto payload = input.substr(0, found.scanned - found.matched);
    if (!found.complete) sample_.keep(input);
    matched_ = found.matched;
    take_scanned(input, found.scanned);
    return deliver_seen(payload, found.complete, found.complete ? seen : bytes{});
}

decoded delimited_decoder::deliver_seen(bytes data, bool last, bytes seen) {
    if (!admit(data.size())) {
        sample_.keep(seen);
        // The offset of the first excess byte, however much of the stream has arrived.
        offset_ = frame_offset_ + limit_.payload_bytes_max;
        return fail_endless(end_.name());
    }
    if (last) matched_ = 0;
    return deliver(data, last);
}

void delimited_decoder::take_scanned(bytes& input, std::size_t size) noexcept {
    scanned_ = 0;
    take(input, size);
}

tl::expected<std::uint64_t, errc> measure_delimited(bytes payload, const boundary& end) noexcept {
    const auto found = end.find(payload, {});
    if (found.complete || !end.may_follow(found.matched)) {
        return tl::unexpected(errc::frame_delimiter);
    }
    return payload.size();
}

}  // namespace framewire
