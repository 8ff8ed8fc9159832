#include "framewire/service/peer_handle.hpp"

#include <memory>
#include <new>
#include <string>
#include <utility>

namespace framewire {

bool peer_handle::push(bytes payload, overflow policy) const {
    if (!connected()) return false;
    return link_->push(std::make_shared<shared_message>(std::string(payload)), policy);
}

void peer_handle::close() const {
    if (link_) link_->post([](link_target& to) { to.finish(); });
}

void peer_handle::post(std::function<void(outbox&)> task) const {
    if (!link_) return;
    try {
        link_->post([task = std::move(task)](link_target& to) { to.call(task); });
    } catch (const std::bad_alloc&) {
        link_->lose();
    }
}

}  // namespace framewire
