#include "live_explanation.hpp"

#include "walk.hpp"
#include "walk_text.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>
#include <vector>

namespace framewire {
namespace {

constexpr std::size_t explained_frames_max = 32;

std::string more_frames(std::size_t left_out) {
    return left_out == 0 ? std::string() : fmt::format("# and {} more frames\n", left_out);
}

}  // namespace

live_explanation::live_explanation(const framing& frames, bool colour)
    : colour_(colour), from_peer_(frames), to_peer_(frames.replies()) {}

// The session enforces the limits, so the dissector has none.
live_explanation::direction::direction(const framing& frames)
    : parts(frames, unknown_length - 1) {}

bool live_explanation::direction::takes(bytes data) const noexcept {
    return !is_over && !is_lost && parts.failure() == nullptr &&
           parts.offset() + data.size() <= explained_bytes_max;
}

std::string live_explanation::received(bytes data, const std::string& line) {
    if (!from_peer_.takes(data)) return end(from_peer_, "reads") + line;
    auto step = explain_chunk(from_peer_.parts, data);
    std::vector<frame_anatomy> frames;
    frames.reserve(step.parts.size());
    for (const auto& one : step.parts) frames.push_back(one.frame);
    step.received =
        print_ruler(data, step.offset, frames, {}, from_peer_.parts.failure(), colour_) + line;
    const auto left_out = step.parts.size() - std::min(step.parts.size(), explained_frames_max);
    step.parts.resize(step.parts.size() - left_out);
    return "#\n" + print_step(step, fmt::format("read {}", ++from_peer_.calls), colour_) +
           more_frames(left_out);
}

std::string live_explanation::sent(bytes data, const std::string& line) {
    if (!to_peer_.takes(data)) return end(to_peer_, "writes") + line;
    const auto offset = to_peer_.parts.offset();
    const auto frames = to_peer_.parts.receive(data);
    return fmt::format("#\n# write {}: {}\n", ++to_peer_.calls,
                       size_and_range(offset, data.size())) +
           print_ruler(data, offset, frames, {}, to_peer_.parts.failure(), colour_) + line;
}

void live_explanation::pass(direction& which, bytes data) {
    ++which.calls;
    which.is_lost = !which.takes(data);
    if (!which.is_lost) static_cast<void>(which.parts.receive(data));
}

// Returns its text once.
std::string live_explanation::end(direction& which, std::string_view what) {
    if (std::exchange(which.is_over, true)) return {};
    return fmt::format("# {} are not explained from here on\n", what);
}

}  // namespace framewire
