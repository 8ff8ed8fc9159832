#include "walk.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {

namespace {

// Every byte of a chunk is taken at once, so nothing that waits for time to go by may be in the
// way.
limits without_budget(limits bounds) {
    bounds.tiny_frames_per_second_max = 0;
    return bounds;
}

}  // namespace

walk_step explain_chunk(const framing& frames, dissector& receiver, bytes chunk) {
    walk_step step{.offset = receiver.offset(),
                   .size = chunk.size(),
                   .before = describe_state(frames, receiver)};
    for (auto& frame : receiver.receive(chunk)) {
        auto findings = explain_frame(frames, frame, chunk, step.offset, receiver.failure());
        step.parts.push_back({std::move(frame), std::move(findings)});
    }
    step.after = describe_state(frames, receiver);
    return step;
}

walk::walk(const framing& frames, const limits& bounds)
    : frames_(frames),
      session_(frames, without_budget(bounds), delivery::whole, time_point{}),
      printer_(time_point{}),
      dissector_(frames, bounds.assembled_bytes_max) {}

walk_step walk::receive(bytes chunk) {
    auto step = explain_chunk(frames_, dissector_, chunk);
    step.received = printer_.from_peer(chunk, time_point{});
    session_.receive(chunk);
    const auto events = listen();
    session_.hold();
    auto next = events.begin();
    for (auto& part : step.parts) {
        const bool is_last = &part == &step.parts.back();
        for (; next != events.end() && (is_last || next->offset == part.frame.offset); ++next) {
            part.events += next->line;
        }
    }
    return step;
}

std::string walk::pass(std::chrono::milliseconds elapsed) {
    now_ += elapsed;
    session_.tick(now_);
    session_.expire();
    return fmt::format("@ {}\n", format_duration(elapsed)) + tell();
}

std::string walk::receive_eof() {
    const std::string line = session_.over() ? "" : printer_.peer_ended(time_point{});
    session_.receive_eof();
    return line + tell();
}

std::string walk::receive_reset() {
    session_.receive_error(errc::io_reset, "");
    return tell();
}

std::string walk::tell() {
    std::string lines;
    for (const auto& event : listen()) lines += event.line;
    return lines;
}

std::vector<walk::said> walk::listen() {
    std::vector<said> events;
    while (const auto event = session_.next()) {
        switch (event->what) {
            case event::kind::frame:
                events.push_back({event->offset, printer_.frame(event->part, event->offset)});
                break;
            case event::kind::skipped:
                events.push_back(
                    {event->offset, printer_.skipped(event->part.announced, event->offset)});
                break;
            case event::kind::finished:
                events.push_back({event->offset, printer_.finished()});
                break;
            case event::kind::failed:
                events.push_back(
                    {event->offset, printer_.failed(*session_.failure(), time_point{})});
                break;
        }
    }
    return events;
}

}  // namespace framewire
