#include "framewire/service/detail/shared_message.hpp"

namespace framewire {

shared_message::frame shared_message::framed(const std::shared_ptr<const void>& key,
                                             const encoder& encode) {
    const std::lock_guard lock(mutex_);
    for (const auto& [known, found] : frames_) {
        if (known == key) return found;
    }
    std::string made;
    const bool fits = encode(payload_, made).has_value();
    frames_.emplace_back(key,
                         fits ? std::make_shared<const std::string>(std::move(made)) : nullptr);
    return frames_.back().second;
}

}  // namespace framewire
