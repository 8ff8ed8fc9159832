#include "framewire/service/services.hpp"

namespace framewire {
namespace {

bool is_last(const piece& message, std::string_view until) noexcept {
    return !until.empty() && message.whole() && message.payload == until;
}

// How many come before the last one.
std::size_t before_last(const payload_run& messages, std::string_view until) noexcept {
    if (until.empty()) return messages.size();
    std::size_t count = 0;
    while (count < messages.size() && messages.payload(count) != until) ++count;
    return count;
}

}  // namespace

void echo::receive(const piece& message, outbox& replies) {
    if (message.idle) {
        (void)replies.reply_idle(message.field);
        return;
    }
    if (message.whole()) {
        (void)replies.reply(message.payload);
        if (is_last(message, until_)) replies.close();
        return;
    }
    if (message.first) answering_ = replies.begin(message.announced).has_value();
    if (!answering_) return;
    answering_ = replies.append(message.payload).has_value();
    if (answering_ && message.last) (void)replies.end();
}

std::size_t echo::receive_run(const payload_run& messages, outbox& replies) {
    if (until_.empty()) return replies.reply_run(messages);
    return replies.reply_run(messages.first(before_last(messages, until_)));
}

void reply_with::receive(const piece& /*message*/, outbox& replies) {
    (void)replies.reply(text_);
    if (last_) replies.close();
}

std::size_t reply_with::receive_run(const payload_run& messages, outbox& replies) {
    return last_ ? 0 : replies.reply_times(text_, messages.size());
}

void acknowledge::receive(const piece& message, outbox& replies) {
    if (message.last) (void)replies.reply(text_);
    if (is_last(message, until_)) replies.close();
}

std::size_t acknowledge::receive_run(const payload_run& messages, outbox& replies) {
    return replies.reply_times(text_, before_last(messages, until_));
}

void relay::opened(const peer& /*who*/, outbox& replies) {
    self_ = replies.handle();
    room_.join(self_);
}

void relay::receive(const piece& message, outbox& replies) {
    if (waiting_.empty() && room_.send(message.payload, self_)) return;
    if (waiting_.empty()) {
        replies.pause();
        retry_soon();
    }
    waiting_.emplace_back(message.payload);
}

void relay::peer_ended(outbox& replies) {
    ended_ = true;
    if (waiting_.empty()) replies.close();
}

// The tasks of a loop run in order, so the room has sent something by then.
void relay::retry_soon() {
    self_.post([this](outbox& replies) { send_waiting(replies); });
}

void relay::send_waiting(outbox& replies) {
    while (!waiting_.empty() && room_.send(waiting_.front(), self_)) waiting_.pop_front();
    if (!waiting_.empty()) return retry_soon();
    replies.resume();
    if (ended_) replies.close();
}

}  // namespace framewire
