#include "cut.hpp"

#include "framewire/codec/direction_decoder.hpp"
#include "framewire/core/units.hpp"

#include <algorithm>

namespace framewire {
namespace {

// As large as a server accepts unless it is told otherwise.
constexpr std::uint64_t payload_bytes_max = 16 * MiB;

void count(stream_cut& cut, const found_frame& one) {
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;
    cut.fingerprint = (cut.fingerprint ^ (one.begin << 32 ^ one.end)) * odd;
    cut.fingerprint ^= cut.fingerprint >> 29;
    ++cut.count;
    cut.payload_bytes += one.payload_bytes;
    cut.decoded = one.end;
    if (cut.frames.size() < stream_cut::frames_max) cut.frames.push_back(one);
}

}  // namespace

stream_cut cut_stream(const framing& frames, bytes stream) {
    stream_cut cut;
    direction_decoder decoder(frames, payload_bytes_max);
    found_frame open;
    for (auto rest = stream;;) {
        const auto found = decoder.next(rest);
        const auto offset = static_cast<std::size_t>(decoder.current().offset());
        if (found.what == step::need_more) break;
        if (found.what == step::failed) {
            cut.failure = decoder.current().failure();
            break;
        }
        open.payload_bytes += found.piece.payload.size();
        if (cut.count < stream_cut::heads_max) {
            const auto wanted = stream_cut::head_bytes - open.payload_head.size();
            open.payload_head += found.piece.payload.substr(0, wanted);
        }
        if (found.what == step::piece && !found.piece.last) continue;
        open.begin = static_cast<std::size_t>(decoder.current().frame_offset());
        open.end = offset;
        count(cut, open);
        open = {};
    }
    if (cut.failure) return cut;
    if (decoder.current().phase() == frame_phase::between_frames) {
        cut.decoded = stream.size();
    } else {
        cut.announced = decoder.current().announced();
    }
    return cut;
}

}  // namespace framewire
