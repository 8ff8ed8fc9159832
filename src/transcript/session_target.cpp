#include "framewire/transcript/session_target.hpp"

#include "framewire/transcript/printer.hpp"

namespace framewire {

session_target::session_target(const framing& framing, const limits& limits, delivery mode)
    : session_(framing, limits, mode, now_) {}

result<void> session_target::perform(const action& todo, player& watching) {
    apply(todo);
    while (const auto happened = next()) {
        watching.on_event(print_event(*happened, session_.failure()));
    }
    return {};
}

void session_target::apply(const action& todo) {
    switch (todo.what) {
        case action::kind::send:
            if (session_.wants_input()) session_.receive(todo.data);
            return;
        case action::kind::wait:
            now_ += todo.elapsed;
            session_.tick(now_);
            break;
        case action::kind::end: session_.receive_eof(); break;
        case action::kind::reset: session_.receive_error(errc::io_reset, ""); break;
        case action::kind::use: return session_.use(*todo.frames);
        default: return;
    }
    session_.expire();
}

std::optional<event> session_target::next() {
    auto happened = session_.next();
    if (!happened) session_.hold();
    return happened;
}

}  // namespace framewire
