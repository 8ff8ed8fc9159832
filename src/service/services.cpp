#include "framewire/service/services.hpp"

namespace framewire {
namespace {

bool is_last(const piece& message, std::string_view until) noexcept {
    return !until.empty() && message.whole() && message.payload == until;
}

}  // namespace

void echo::receive(const piece& message, outbox& replies) {
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

void reply_with::receive(const piece& /*message*/, outbox& replies) {
    (void)replies.reply(text_);
    if (last_) replies.close();
}

void acknowledge::receive(const piece& message, outbox& replies) {
    if (message.last) (void)replies.reply(text_);
    if (is_last(message, until_)) replies.close();
}

}  // namespace framewire
