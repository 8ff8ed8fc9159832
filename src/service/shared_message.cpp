#include "framewire/service/detail/shared_message.hpp"

namespace framewire {

shared_message::frame shared_message::framed(const std::shared_ptr<const void>& key,
                                             const encoder& encode) {
    const std::lock_guard lock(mutex_);
    for (const auto& [known, found] : frames_) {
        if (known == key) return found;
    }
    frames_.emplace_back(key, framed_once(encode));
    return frames_.back().second;
}

shared_message::frame shared_message::framed_once(const encoder& encode) const {
    std::string made;
    if (!encode(payload_, made)) return nullptr;
    return std::make_shared<const std::string>(std::move(made));
}

}  // namespace framewire
