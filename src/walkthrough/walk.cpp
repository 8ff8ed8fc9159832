#include "walk.hpp"

#include <utility>

namespace framewire {

walk::walk(const framing& frames, const limits& bounds)
    : frames_(frames),
      session_(frames, bounds, delivery::whole, time_point{}),
      printer_(time_point{}),
      dissector_(frames, bounds.assembled_bytes_max) {}

walk_step walk::receive(bytes chunk) {
    walk_step step{.offset = dissector_.offset(),
                   .size = chunk.size(),
                   .before = describe_state(frames_, dissector_),
                   .received = printer_.from_peer(chunk, time_point{})};
    const auto frames = dissector_.receive(chunk);
    if (session_.wants_input()) session_.receive(chunk);
    auto events = listen();
    for (const auto& frame : frames) {
        step.parts.push_back({frame, explain_frame(frames_, frame, chunk, step.offset,
                                                   dissector_.failure())});
        for (auto& event : events) {
            const bool is_next = event.offset == frame.offset || frame.stands ==
                                                                     frame_anatomy::stage::failed;
            if (is_next) step.parts.back().events += std::exchange(event.line, {});
        }
    }
    step.after = describe_state(frames_, dissector_);
    return step;
}

std::string walk::receive_eof() {
    std::string lines;
    if (!session_.over()) lines = printer_.peer_ended(time_point{});
    session_.receive_eof();
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
            events.push_back({event->offset, printer_.skipped(event->part.announced, event->offset)});
            break;
        case event::kind::finished: events.push_back({event->offset, printer_.finished()}); break;
        case event::kind::failed:
            events.push_back({event->offset, printer_.failed(*session_.failure(), time_point{})});
            break;
        }
    }
    return events;
}

}  // namespace framewire
