#include "walk.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <optional>
#include <utility>

namespace framewire {

namespace {

constexpr std::size_t line_bytes_max = 4096;

// All bytes of a chunk are decoded at once, so no limit may pause the session.
limits without_budget(limits bounds) {
    bounds.tiny_frames_per_second_max = 0;
    return bounds;
}

}  // namespace

walk_step explain_chunk(dissector& receiver, bytes chunk) {
    walk_step step{.offset = receiver.offset(),
                   .size = chunk.size(),
                   .before = describe_state(receiver.frames(), receiver)};
    receiver.receive(chunk, [&](frame_anatomy&& frame) {
        auto findings =
            explain_frame(receiver.frames(), frame, chunk, step.offset, receiver.failure());
        step.parts.push_back({std::move(frame), std::move(findings)});
    });
    step.after = describe_state(receiver.frames(), receiver);
    return step;
}

walk::walk(const framing& frames, const limits& bounds, direction way)
    : way_(way),
      target_(frames, without_budget(bounds)),
      printer_(time_point{}, line_bytes_max, way),
      dissector_(frames, bounds.assembled_bytes_max) {}

walk_step walk::receive(bytes chunk) {
    auto step = begin_step(chunk);
    receive(chunk, [&](walk_part&& part) { step.parts.push_back(std::move(part)); });
    step.after = state();
    return step;
}

walk_step walk::begin_step(bytes chunk) {
    return {.offset = dissector_.offset(),
            .size = chunk.size(),
            .before = state(),
            .received = way_ == direction::sent ? printer_.to_peer(chunk, time_point{})
                                                : printer_.from_peer(chunk, time_point{})};
}

// An event belongs to the part of its frame, or to the last one. A part is kept until the next has
// come, as only then it is not the last.
void walk::receive(bytes chunk, const std::function<void(walk_part&&)>& each) {
    const auto begin = dissector_.offset();
    target_.apply({.what = action::kind::send, .data = chunk});
    auto happened = target_.next();
    std::optional<walk_part> part;
    const auto take_events = [&](bool is_last) {
        for (; happened && (is_last || part->frame.begins == happened->offset);
             happened = target_.next()) {
            if (part) part->events += print(*happened);
        }
        if (part) each(std::move(*part));
    };
    dissector_.receive(chunk, [&](frame_anatomy&& frame) {
        if (part) take_events(false);
        auto findings =
            explain_frame(dissector_.frames(), frame, chunk, begin, dissector_.failure());
        part = {std::move(frame), std::move(findings)};
    });
    take_events(true);
}

std::string walk::pass(std::chrono::microseconds elapsed) {
    return fmt::format("@ {}\n", format_duration(elapsed)) +
           perform({.what = action::kind::wait, .elapsed = elapsed});
}

std::string walk::use(const framing& frames) {
    dissector_.use(frames);
    target_.apply({.what = action::kind::use, .frames = &frames});
    return printer_.begin(frames);
}

std::string walk::receive_eof() {
    const std::string line = target_.receiver().over() ? "" : printer_.peer_ended(time_point{});
    static_cast<void>(dissector_.receive_eof());
    return line + perform({.what = action::kind::end});
}

std::string walk::pass_gap(std::uint64_t missing) {
    dissector_.pass_gap(missing);
    target_.apply({.what = action::kind::gap, .missing = missing});
    return printer_.gap(missing);
}

std::string walk::receive_reset() { return perform({.what = action::kind::reset}); }

std::string walk::perform(const action& todo) {
    target_.apply(todo);
    std::string lines;
    while (const auto happened = target_.next()) lines += print(*happened);
    return lines;
}

std::string walk::print(const event& happened) {
    return printer_.event(happened, failure(), time_point{});
}

}  // namespace framewire
