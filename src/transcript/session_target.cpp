#include "framewire/transcript/session_target.hpp"

#include "framewire/transcript/printer.hpp"

#include <utility>

namespace framewire {

session_target::session_target(const framing& framing, const limits& limits, delivery mode)
    : limits_(limits), mode_(mode), session_(std::in_place, framing, limits, mode, now_) {}

result<void> session_target::perform(const action& todo, player& watching) {
    apply(todo);
    while (const auto happened = next()) {
        watching.on_event(print_event(*happened, session_->failure()));
    }
    return {};
}

void session_target::apply(const action& todo) {
    switch (todo.what) {
        case action::kind::send:
            offset_ += todo.data.size();
            if (session_->wants_input()) session_->receive(todo.data);
            return;
        case action::kind::wait:
            now_ += todo.elapsed;
            session_->tick(now_);
            break;
        case action::kind::end: session_->receive_eof(); break;
        case action::kind::reset: session_->receive_error(errc::io_reset, ""); break;
        case action::kind::use: return session_->use(*todo.frames);
        case action::kind::gap: return pass_gap(todo.missing);
        default: return;
    }
    session_->expire();
}

void session_target::pass_gap(std::uint64_t missing) {
    const auto frames = session_->frames_from_here();
    offset_ += missing;
    session_.emplace(frames, limits_, mode_, now_);
    session_->start_at(offset_);
}

std::optional<event> session_target::next() {
    auto happened = session_->next();
    if (!happened) session_->hold();
    return happened;
}

}  // namespace framewire
