#include "framewire/service/deferred_reply.hpp"

#include "framewire/service/detail/peer_link.hpp"

#include <new>
#include <utility>

namespace framewire {

deferred_reply::deferred_reply(std::shared_ptr<peer_link> link, std::uint64_t slot) noexcept
    : link_(std::move(link)), slot_(slot) {}

deferred_reply& deferred_reply::operator=(deferred_reply&& other) noexcept {
    if (this == &other) return *this;
    abandon();
    link_ = std::move(other.link_);
    slot_ = other.slot_;
    return *this;
}

deferred_reply::~deferred_reply() { abandon(); }

void deferred_reply::reply(bytes payload) {
    if (const auto link = std::exchange(link_, nullptr)) {
        if (!link->connected()) return;  // spares a copy
        try {
            link->post([slot = slot_, text = std::string(payload)](link_target& to) {
                to.answer(slot, text);
            });
        } catch (const std::bad_alloc&) {
            link->lose();
        }
    }
}

void deferred_reply::fail(std::string words) {
    if (const auto link = std::exchange(link_, nullptr)) {
        try {
            link->post([words = std::move(words)](link_target& to) {
                to.give_up(errc::service_failed, words);
            });
        } catch (const std::bad_alloc&) {
            link->lose();
        }
    }
}

void deferred_reply::skip() {
    if (const auto link = std::exchange(link_, nullptr)) {
        link->post([slot = slot_](link_target& to) { to.skip(slot); });
    }
}

bool deferred_reply::wanted() const noexcept { return link_ && link_->connected(); }

void deferred_reply::abandon() noexcept {
    const auto link = std::exchange(link_, nullptr);
    if (!link) return;
    link->post([](link_target& to) {
        to.give_up(errc::service_unanswered, "a deferred reply was dropped without an answer");
    });
}

}  // namespace framewire
