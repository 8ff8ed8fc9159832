#include "dissector.hpp"

#include <algorithm>
#include <utility>

namespace framewire {
namespace {

using stage = frame_anatomy::stage;

void keep(std::string& shown, bytes data) {
    shown += data.substr(0, frame_anatomy::shown_bytes_max - shown.size());
}

}  // namespace

std::optional<boundary> boundary_of(const framing& frames) {
    const auto layout = frames.describe();
    const bool is_alone =
        layout.other_ends.empty() && layout.trailer_size == 0 && layout.skip.empty();
    return is_alone ? layout.end : std::nullopt;
}

const framing& framing_of(const framing& frames, const frame_anatomy& frame) {
    const auto* const first = frame.offset == 0 ? frames.first() : nullptr;
    return first != nullptr ? *first : frames;
}

dissector::dissector(const framing& frames, std::uint64_t payload_bytes_max)
    : frames_(frames),
      limit_(payload_bytes_max),
      decoder_(frames.decoder(payload_bytes_max, payload_bytes_max)),
      counted_(frames.counts()) {
    begin_framing(frames, true);
}

void dissector::begin_framing(const framing& frames, bool takes_first) {
    const auto* const first = takes_first ? frames.first() : nullptr;
    if (first != nullptr) {
        next_ = frames;
        takes_first_ = false;
        awaits_frame_ = true;
    }
    frames_ = first != nullptr ? framing(*first) : framing(frames);
    decoder_ = frames_.decoder(limit_, limit_);
    decoder_.start_at(offset_);
    counted_ = counted_payload(frames_.counts());
    payload_bytes_max_ =
        std::min(limit_, frames_.payload_bytes_max().value_or(unknown_length - 1));
    is_raw_ = frames_.is_raw();
    const auto layout = frames_.describe();
    start_size_ = layout.start.size();
    after_end_size_ = layout.trailer_size;
    ends_.clear();
    if (layout.end && layout.skip.empty()) {
        ends_.push_back({*layout.end});
        for (const auto& other : layout.other_ends) ends_.push_back({other});
    }
    const bool is_kept = layout.length && layout.length->fields.is_in_payload;
    has_own_parts_ =
        layout.own != grammar::none || is_kept || (!is_raw_ && !layout.length && ends_.empty());
    holds_back_ = layout.end.has_value();
    is_binary_ = layout.length && layout.length->is_binary();
    lead_ = layout.length ? layout.length->lead : 0;
    lead_at_ = layout.length ? layout.length->offset - lead_ : 0;
    fixed_size_.reset();
    if (layout.length && layout.length->written == notation::none) {
        fixed_size_ = layout.length->payload_size;
    }
}

void dissector::pass_gap(std::uint64_t missing) {
    const auto frames = next_ ? *std::exchange(next_, {}) : frames_;
    open_.reset();
    failed_ = false;
    awaits_frame_ = false;
    offset_ += missing;
    begin_framing(frames, false);
}

void dissector::use(const framing& frames) {
    next_ = frames;
    takes_first_ = true;
    if (!open_) awaits_frame_ = false;
}

std::vector<frame_anatomy> dissector::receive(bytes chunk) {
    std::vector<frame_anatomy> touched;
    receive(chunk, [&](frame_anatomy&& frame) { touched.push_back(std::move(frame)); });
    return touched;
}

void dissector::receive(bytes chunk, const std::function<void(frame_anatomy&&)>& each) {
    const auto end = offset_ + chunk.size();
    if (open_ && !ends_.empty()) open_->held = open_->trailer;
    for (std::size_t at = 0; at < chunk.size() && !failed_; ++at) {
        if (next_ && !open_ && !awaits_frame_) {
            const auto next = *std::exchange(next_, {});
            begin_framing(next, takes_first_);
        }
        if (is_raw_) return receive_raw(chunk.substr(at), each);
        take(chunk[at]);
        ++offset_;
        if (!open_->over()) continue;
        awaits_frame_ = false;
        each(*std::exchange(open_, std::nullopt));
    }
    offset_ = end;
    if (open_) each(frame_anatomy(*open_));
}

std::optional<frame_anatomy> dissector::receive_eof() {
    if (!open_) return std::nullopt;
    const auto found = decoder_.end_of_stream();
    if (found.what == step::need_more) return std::nullopt;
    if (found.what == step::skipped) open_->counted = found.piece.announced;
    open_->reached = found.what == step::skipped ? stage::skipped : stage::complete;
    return std::exchange(open_, std::nullopt);
}

void dissector::receive_raw(bytes chunk, const std::function<void(frame_anatomy&&)>& each) {
    while (!chunk.empty()) {
        const auto payload = decoder_.next(chunk).piece.payload;
        frame_anatomy frame{.reached = stage::complete,
                            .offset = offset_,
                            .begins = offset_,
                            .payload_bytes = payload.size(),
                            .counted = payload.size()};
        keep(frame.payload, payload);
        offset_ += payload.size();
        each(std::move(frame));
    }
}

void dissector::take(char byte) {
    if (!open_) begin_frame();
    const auto found = decode(byte);
    is_own_         ? place_own(found, byte)
    : ends_.empty() ? place_announced(found, byte)
                    : place_delimited(byte);
    auto& frame = *open_;
    if (found.what == step::failed) {
        frame.reached = stage::failed;
        failed_ = true;
    } else if (found.what == step::skipped) {
        frame.reached = stage::skipped;
    } else if (found.what == step::piece && found.piece.last) {
        frame.reached = stage::complete;
    }
}

void dissector::begin_frame() {
    open_ = frame_anatomy{.offset = offset_, .begins = offset_, .is_binary = is_binary_};
    in_header_ = ends_.empty() ? !fixed_size_ : start_size_ > 0;
    is_own_ = has_own_parts_;
    has_ended_ = false;
    for (auto& end : ends_) end.matched = 0;
    silent_ = 0;
    delivered_.clear();
    silent_text_.clear();
    if (fixed_size_) begin_payload(*fixed_size_);
}

void dissector::begin_payload(std::uint64_t announced) {
    in_header_ = false;
    open_->announced = announced;
    open_->is_discarded = announced > payload_bytes_max_;
    counted_.begin(announced);
    if (announced < lead_) return;  // idle
    counted_.pass(lead_);
    open_->counted = lead_;
    keep(open_->payload, bytes(open_->header).substr(lead_at_, lead_));
}

// Returns the last result of the byte: bytes held back as the possible beginning of a boundary are
// delivered before those that follow them.
decoded dissector::decode(char byte) {
    bytes left(&byte, 1);
    decoded found;
    delivered_.clear();
    while (!left.empty()) {
        found = decoder_.next(left);
        if (found.what == step::piece) delivered_ += found.piece.payload;
        if (found.what == step::need_more || found.what == step::failed) break;
    }
    return found;
}

void dissector::add_to_header(char byte) {
    ++open_->header_bytes;
    keep(open_->header, bytes(&byte, 1));
}

void dissector::place_announced(const decoded& found, char byte) {
    auto& frame = *open_;
    if (in_header_) {
        add_to_header(byte);
        const bool is_empty = found.what == step::piece || found.what == step::skipped;
        if (is_empty) begin_payload(found.piece.announced);
        const bool has_ended =
            found.what == step::need_more && decoder_.phase() != frame_phase::header;
        if (has_ended && decoder_.announced() == unknown_length) {
            // More headers follow in the payload.
            is_own_ = true;
        } else if (has_ended) {
            begin_payload(decoder_.announced());
        }
    } else if (!counted_.complete()) {
        add_to_payload(byte);
    } else {
        ++frame.trailer_bytes;
        keep(frame.trailer, bytes(&byte, 1));
    }
    frame.reached = in_header_            ? stage::header
                    : counted_.complete() ? stage::trailer
                                          : stage::payload;
}

void dissector::add_to_payload(char byte) {
    auto& frame = *open_;
    const auto before = counted_.units_taken();
    counted_.take(bytes(&byte, 1));
    frame.counted = counted_.units_taken();
    frame.uncounted_bytes = frame.counted > before ? 0 : frame.uncounted_bytes + 1;
    ++frame.payload_bytes;
    frame.is_discarded = frame.is_discarded || frame.payload_bytes > payload_bytes_max_;
    keep(frame.payload, bytes(&byte, 1));
}

void dissector::place_delimited(char byte) {
    auto& frame = *open_;
    if (in_header_) {
        add_to_header(byte);
        in_header_ = frame.header_bytes < start_size_;
        frame.reached = in_header_ ? stage::header : stage::payload;
        return;
    }
    if (has_ended_) {
        ++frame.trailer_bytes;
        keep(frame.trailer, bytes(&byte, 1));
        return;
    }
    std::size_t matched = 0;
    for (auto& end : ends_) {
        const auto found = end.mark.find(bytes(&byte, 1), {.matched = end.matched});
        end.matched = found.matched;
        matched = std::max(matched, found.matched);
        has_ended_ = has_ended_ || (found.complete && after_end_size_ > 0);
    }
    frame.trailer += byte;
    const auto payload = bytes(frame.trailer).substr(0, frame.trailer.size() - matched);
    keep(frame.payload, payload);
    frame.payload_bytes += payload.size();
    frame.counted = frame.payload_bytes;
    frame.trailer.erase(0, payload.size());
    frame.trailer_bytes = matched;
    frame.is_discarded = frame.payload_bytes > payload_bytes_max_;
    frame.reached = stage::payload;
}

// Bytes with which nothing is delivered are a header at the beginning of a frame, and a trailer at
// its end. Where all of a frame is payload, it may be delivered late; where it is as it came, what
// is not delivered may begin the end.
void dissector::place_own(const decoded& found, char byte) {
    auto& frame = *open_;
    frame.reached = stage::payload;
    frame.begins = std::max(frame.offset, decoder_.frame_offset());
    frame.counted += delivered_.size();
    if (found.what == step::skipped) frame.counted = found.piece.announced;
    keep(frame.payload, delivered_);
    silent_ = delivered_.empty() ? silent_ + 1 : 0;
    if (silent_ == 0) silent_text_.clear();
    if (silent_ > 0) keep(silent_text_, bytes(&byte, 1));
    if (frame.counted == 0) {
        add_to_header(byte);
        frame.reached = stage::header;
        frame.is_between = decoder_.phase() == frame_phase::between_frames;
        return;
    }
    frame.is_between = false;
    const auto taken = offset_ + 1 - frame.offset;
    if (frame.counted == taken) {
        frame.header_bytes = 0;
        frame.header.clear();
    }
    frame.payload_bytes = taken - frame.header_bytes;
    frame.is_discarded = frame.counted > payload_bytes_max_;
    const bool is_last = found.what == step::piece && found.piece.last;
    if (!is_last && !holds_back_) return;
    frame.trailer_bytes = silent_;
    frame.trailer = silent_text_;
    frame.payload_bytes -= silent_;
}

}  // namespace framewire
