#include "store_service.hpp"

#include <utility>

namespace framewire {

void store_service::receive(const piece& message, outbox& replies) {
    if (message.idle) {
        (void)replies.reply_idle(message.field);
        return;
    }
    if (!until_.empty() && message.payload == until_) {
        (void)replies.reply(last_ack_);
        return replies.close();
    }
    const auto size = message.payload.size();
    store_->append(
        {std::string(message.payload), {size}, replies.defer(order::as_received, size)});
}

std::size_t store_service::receive_run(const payload_run& messages, outbox& replies) {
    store_request all;
    all.payloads.reserve(messages.frames().size());
    all.sizes.reserve(messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto one = messages.payload(i);
        if (!until_.empty() && one == until_) return 0;
        all.payloads += one;
        all.sizes.push_back(one.size());
    }
    all.reply = replies.defer(order::as_received, all.payloads.size());
    store_->append(std::move(all));
    return messages.size();
}

}  // namespace framewire
