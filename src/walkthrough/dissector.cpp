#include "dissector.hpp"

#include <algorithm>
#include <utility>

namespace framewire {
namespace {

using stage = frame_anatomy::stage;

// Of the longest boundary that a spec can name.
constexpr std::uint64_t boundary_bytes_max = 32;

void keep(std::string& shown, bytes part) {
    shown += part.substr(0, frame_anatomy::shown_bytes_max - shown.size());
}

}  // namespace

dissector::dissector(const framing& frames, std::uint64_t payload_bytes_max)
    : decoder_(frames.decoder(payload_bytes_max, payload_bytes_max)),
      counted_(frames.counts()),
      payload_bytes_max_(
          std::min(payload_bytes_max, frames.payload_bytes_max().value_or(unknown_length - 1))),
      announces_length_(frames.announces_length()),
      is_raw_(frames.is_raw()) {
    std::string lead;
    if (!announces_length_ && frames.begin(unknown_length, lead)) lead_ = lead.size();
    if (const auto* const same = std::get_if<fixed>(&frames.codec())) fixed_size_ = same->size;
}

std::vector<frame_anatomy> dissector::receive(bytes chunk) {
    if (is_raw_) return receive_raw(chunk);
    std::vector<frame_anatomy> touched;
    for (const char byte : chunk) {
        if (failed_) break;
        take(byte);
        ++offset_;
        if (open_->over()) touched.push_back(*std::exchange(open_, std::nullopt));
    }
    if (open_) touched.push_back(*open_);
    return touched;
}

std::vector<frame_anatomy> dissector::receive_raw(bytes chunk) {
    std::vector<frame_anatomy> touched;
    while (!chunk.empty()) {
        const auto payload = decoder_.next(chunk).part.payload;
        touched.push_back({.stands = stage::complete,
                           .offset = offset_,
                           .payload_bytes = payload.size(),
                           .counted = payload.size()});
        keep(touched.back().payload, payload);
        offset_ += payload.size();
    }
    return touched;
}

void dissector::take(char byte) {
    if (!open_) begin_frame();
    std::string payload;
    const auto found = decode(byte, payload);
    if (found.what == step::failed) {
        fail(byte);
    } else if (announces_length_) {
        place_announced(found, byte);
    } else {
        place_delimited(found, byte, payload);
    }
}

void dissector::begin_frame() {
    open_ = frame_anatomy{.offset = offset_};
    in_header_ = announces_length_ ? !fixed_size_ : lead_ > 0;
    if (fixed_size_) begin_payload(*fixed_size_);
}

void dissector::begin_payload(std::uint64_t announced) {
    in_header_ = false;
    open_->announced = announced;
    open_->is_discarded = announced > payload_bytes_max_;
    counted_.begin(announced);
}

// Bytes that were held back as the possible beginning of a boundary are delivered with the byte
// that shows that they were not.
decoded dissector::decode(char byte, std::string& payload) {
    bytes left(&byte, 1);
    decoded found;
    while (!left.empty()) {
        found = decoder_.next(left);
        if (found.what == step::need_more || found.what == step::failed) break;
        payload += found.part.payload;
    }
    return found;
}

void dissector::fail(char byte) {
    if (in_header_) add_to_header(byte);
    open_->stands = stage::failed;
    failed_ = true;
}

void dissector::add_to_header(char byte) {
    ++open_->header_bytes;
    keep(open_->header, bytes(&byte, 1));
}

void dissector::place_announced(const decoded& found, char byte) {
    auto& frame = *open_;
    const bool is_over =
        found.what != step::need_more && (found.what == step::skipped || found.part.last);
    if (in_header_) {
        add_to_header(byte);
        if (is_over || decoder_.stands() != phase::header) {
            begin_payload(is_over ? found.part.announced : decoder_.announced());
        }
    } else if (!counted_.complete() && counted_.take(bytes(&byte, 1)) == 1) {
        ++frame.payload_bytes;
        frame.counted = counted_.units_taken();
        keep(frame.payload, bytes(&byte, 1));
    } else {
        ++frame.trailer_bytes;
        keep(frame.trailer, bytes(&byte, 1));
    }
    frame.stands = in_header_            ? stage::header
                   : counted_.complete() ? stage::trailer
                                         : stage::payload;
    if (is_over) frame.stands = frame.is_discarded ? stage::skipped : stage::complete;
}

void dissector::place_delimited(const decoded& found, char byte, bytes payload) {
    auto& frame = *open_;
    if (in_header_) {
        add_to_header(byte);
        in_header_ = false;
    }
    frame.stands = stage::payload;
    frame.payload_bytes += payload.size();
    frame.trailer_bytes = offset_ + 1 - frame.payload_offset() - frame.payload_bytes;
    // Nothing is delivered of what is discarded.
    if (frame.trailer_bytes > boundary_bytes_max) frame.is_discarded = true;
    if (frame.is_discarded || found.what == step::skipped) {
        frame.payload_bytes += std::exchange(frame.trailer_bytes, 0);
    }
    frame.counted = frame.payload_bytes;
    frame.trailer += byte;
    if (frame.trailer.size() > frame.trailer_bytes) {
        frame.trailer.erase(0, frame.trailer.size() - frame.trailer_bytes);
    }
    keep(frame.payload, payload);
    if (found.what == step::part && found.part.last) frame.stands = stage::complete;
    if (found.what == step::skipped) frame.stands = stage::skipped;
}

}  // namespace framewire
