#include "comparison.hpp"

#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

bool same_frame(const script_step& expected, const arrival& found, bytes data,
                const masks& ignored) {
    if (ignored.empty()) return expected.data == data;
    return ignored.apply(expected.expected.payload) == ignored.apply(found.payload);
}

// Offsets need not be equal: a reply that is ignored may have another length.
bool same_end(const arrival& expected, const arrival& found) {
    return expected.what == found.what && expected.error.code == found.error.code;
}

// Where a byte of the payload is in its frame. Its first bytes may be in the header, before the
// length. Where it is written in other bytes, the beginning of the frame is as good as any.
std::size_t place_in_frame(bytes frame, bytes payload, std::size_t at) {
    constexpr std::size_t lead_max = 16;
    for (std::size_t lead = 0; lead <= std::min(lead_max, payload.size()); ++lead) {
        const auto rest = frame.find(payload.substr(lead));
        if (rest != bytes::npos) return at < lead ? at : rest + at - lead;
    }
    return 0;
}

}  // namespace

std::optional<mismatch> compare(const script_step& expected, const arrival& found, bytes data,
                                const masks& ignored) {
    const bool is_frame = found.what == arrival::kind::frame;
    const bool wants_frame = expected.expected.what == arrival::kind::frame;
    const bool is_same = is_frame && wants_frame ? same_frame(expected, found, data, ignored)
                                                 : same_end(expected.expected, found);
    if (is_same) return std::nullopt;
    mismatch other{.step = expected,
                   .received = std::string(data),
                   .words = is_frame ? std::string() : arrival_words(found),
                   .received_at = found.offset,
                   .is_frame = is_frame && wants_frame};
    place_difference(other, expected.expected.payload, found.payload, ignored);
    return other;
}

void place_difference(mismatch& found, bytes expected, bytes received, const masks& ignored) {
    const bytes expected_data = found.step.data;
    const bytes received_data = found.received;
    if (ignored.empty()) {
        const auto [at, other] = std::ranges::mismatch(expected_data, received_data);
        found.expected_byte = found.received_byte =
            static_cast<std::size_t>(at - expected_data.begin());
        return;
    }
    const auto [at, other] = ignored.first_difference(expected, received);
    found.expected_byte = place_in_frame(expected_data, expected, at);
    found.received_byte = place_in_frame(received_data, received, other);
}

std::string arrival_words(const arrival& found) {
    switch (found.what) {
        case arrival::kind::frame: return fmt::format("frame {}", quote(found.payload));
        case arrival::kind::skipped: return "a frame that is too large";
        case arrival::kind::finished: return "the end of the stream";
        case arrival::kind::failed: break;
    }
    return found.error.code == errc::io_reset ? std::string("a reset") : found.error.message();
}

}  // namespace framewire
