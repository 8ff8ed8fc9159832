#include "side_reader.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {
namespace {

using kind = transcript_line::kind;

// All bytes of a line are decoded at once, so no limit may pause the session.
limits without_budget() {
    limits all;
    all.tiny_frames_per_second_max = 0;
    return all;
}

}  // namespace

side_reader::side_reader(const framing& client_frames, direction way, delivery mode)
    : way_(way),
      turned_(way == direction::sent ? client_frames.reversed() : client_frames),
      target_(turned_, without_budget(), mode) {}

void side_reader::take(const transcript_line& line, const event_sink& each) {
    if (line.what == kind::framing) {
        turned_ = way_ == direction::sent ? line.frames->reversed() : *line.frames;
        return target_.apply({.what = action::kind::use, .frames = &turned_});
    }
    // A pause of the client ends what it has begun; one of the server is no matter of deadlines.
    if (line.what == kind::clock && way_ == direction::received) {
        return perform({.what = action::kind::wait, .elapsed = line.elapsed}, each);
    }
    if (way_of(line) != way_) return;
    switch (line.what) {
        case kind::from_peer:
        case kind::to_peer: return perform({.what = action::kind::send, .data = line.text}, each);
        case kind::eof: return perform({.what = action::kind::end}, each);
        case kind::reset: return perform({.what = action::kind::reset}, each);
        case kind::gap:
            target_.apply({.what = action::kind::gap, .missing = line.missing});
            decoded_ = target_.offset();
            return;
        default: return;
    }
}

bool side_reader::is_inside_frame() const { return !over() && target_.receiver().inside_frame(); }

std::optional<wire_error> side_reader::unfinished() {
    if (!is_inside_frame()) return std::nullopt;
    target_.apply({.what = action::kind::end});
    while (target_.next()) continue;
    if (failure() == nullptr) return std::nullopt;
    auto words = fmt::format("{} bytes of it are there", offset() - frame_begin());
    // What it looks like, as a session says at the end of a stream.
    const auto guess = failure()->words.rfind("; ");
    if (guess != std::string::npos) words += failure()->words.substr(guess);
    return wire_error{errc::frame_truncated, frame_begin(), std::move(words)};
}

void side_reader::perform(const action& todo, const event_sink& each) {
    target_.apply(todo);
    while (const auto happened = target_.next()) {
        const auto end = target_.receiver().offset();
        if (each) each(*happened, end);
        if (happened->what != event::kind::failed) decoded_ = end;
    }
}

}  // namespace framewire
