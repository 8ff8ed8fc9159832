#include "observers.hpp"

#include <algorithm>

namespace framewire {

bool observers::observes_traffic() const noexcept {
    return std::ranges::any_of(all_, &observer::observes_traffic);
}
void observers::opened(const peer& who) {
    for (auto* one : all_) one->opened(who);
}
void observers::received_bytes(const peer& who, bytes data) {
    for (auto* one : all_) one->received_bytes(who, data);
}
void observers::received(const peer& who, const piece& data, std::uint64_t offset) {
    for (auto* one : all_) one->received(who, data, offset);
}
void observers::skipped(const peer& who, std::uint64_t size, std::uint64_t offset) {
    for (auto* one : all_) one->skipped(who, size, offset);
}
void observers::peer_ended(const peer& who) {
    for (auto* one : all_) one->peer_ended(who);
}
void observers::sent_bytes(const peer& who, bytes data) {
    for (auto* one : all_) one->sent_bytes(who, data);
}
void observers::closed(const peer& who, const close_reason& why) {
    for (auto* one : all_) one->closed(who, why);
}
void observers::refused(errc why) {
    for (auto* one : all_) one->refused(why);
}
void observers::batch_ended() {
    for (auto* one : all_) one->batch_ended();
}

}  // namespace framewire
