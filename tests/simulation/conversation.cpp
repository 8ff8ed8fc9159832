#include "conversation.hpp"

#include <algorithm>

namespace framewire::tests {

void conversation::add(const std::string& payload, const wire_form& form,
                       const reply_function& reply) {
    exchange one{.begins = sends.size()};
    sends += form.frame(payload);
    one.payload = one.begins + form.header_bytes(payload);
    const bool skipped = form.skipped_above != 0 && payload.size() > form.skipped_above;
    if (!skipped) one.reply = reply(payload);
    if (one.reply) owed += form.frame(*one.reply);
    one.sent = sends.size();
    one.owed = owed.size();
    exchanges.push_back(std::move(one));
}

std::size_t conversation::owed_after(std::size_t sent) const {
    const auto next = std::ranges::upper_bound(exchanges, sent, {}, &exchange::sent);
    return next == exchanges.begin() ? 0 : std::prev(next)->owed;
}

const conversation::exchange* conversation::frame_at(std::size_t position) const {
    const auto found = std::ranges::upper_bound(exchanges, position, {}, &exchange::sent);
    return found == exchanges.end() ? nullptr : &*found;
}

std::string random_payload(random_source& random, std::size_t size) {
    std::string text(size, ' ');
    std::uint64_t bits = 0;
    for (std::size_t at = 0; at < size; ++at, bits >>= 5U) {
        if (at % 8 == 0) bits = random.next();
        text[at] = static_cast<char>('a' + bits % 26);
    }
    return text;
}

}  // namespace framewire::tests
