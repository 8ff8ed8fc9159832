#include "framewire/session/detail/reply_slots.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace framewire {
namespace {

template <class Slots>
auto find(Slots& all, std::uint64_t id) noexcept {
    return std::ranges::find_if(all, [&](const auto& one) { return one.id == id; });
}

}  // namespace

void reply_slots::open(std::uint64_t id, bool keeps_place, std::size_t held_bytes,
                       time_point due) {
    auto& slots = keeps_place ? kept_ : loose_;
    slots.push_back({.id = id, .held_bytes = held_bytes, .due = due});
    size_ += held_bytes;
}

bool reply_slots::is_open(std::uint64_t id) const noexcept {
    const auto kept = find(kept_, id);
    return kept != kept_.end() ? kept->is_open : find(loose_, id) != loose_.end();
}

void reply_slots::close(std::uint64_t id, std::string frame) {
    if (const auto loose = find(loose_, id); loose != loose_.end()) {
        size_ -= loose->held_bytes;
        loose_.erase(loose);
        released += frame;
        return;
    }
    const auto kept = find(kept_, id);
    assert(kept != kept_.end() && kept->is_open);
    size_ += frame.size();
    size_ -= kept->held_bytes;
    kept->reply = std::move(frame);
    kept->is_open = false;
    while (!kept_.empty() && !kept_.front().is_open) {
        const auto& first = kept_.front();
        size_ -= first.reply.size() + first.after.size();
        released += first.reply;
        released += first.after;
        kept_.pop_front();
    }
}

std::string* reply_slots::after(std::uint64_t id) noexcept {
    const auto kept = find(kept_, id);
    return kept == kept_.end() ? nullptr : &kept->after;
}

time_point reply_slots::due() const noexcept {
    auto earliest = loose_.empty() ? time_point::max() : loose_.front().due;
    if (!kept_.empty()) earliest = std::min(earliest, kept_.front().due);
    return earliest;
}

}  // namespace framewire
