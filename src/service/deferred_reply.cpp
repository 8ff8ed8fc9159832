#include "framewire/service/deferred_reply.hpp"

#include "framewire/service/detail/peer_link.hpp"

#include <cstddef>
#include <new>
#include <utility>
#include <vector>

namespace framewire {
namespace {

/// Copies, in one piece of memory.
class packed_payloads {
public:
    explicit packed_payloads(std::span<const bytes> all) {
        std::size_t size = 0;
        for (const auto one : all) size += one.size();
        text_.reserve(size);
        sizes_.reserve(all.size());
        for (const auto one : all) {
            text_ += one;
            sizes_.push_back(one.size());
        }
    }

    [[nodiscard]] std::vector<bytes> payloads() const {
        std::vector<bytes> all;
        all.reserve(sizes_.size());
        const char* at = text_.data();
        for (const auto size : sizes_) {
            all.emplace_back(at, size);
            at += size;
        }
        return all;
    }

private:
    std::string text_;
    std::vector<std::size_t> sizes_;
};

// Here nobody else would notice that a reply is missing.
void give(link_target& to, std::uint64_t slot, const packed_payloads& packed) {
    std::vector<bytes> all;
    try {
        all = packed.payloads();
    } catch (const std::bad_alloc&) {
        return to.give_up(errc::limit_memory, {});
    }
    to.answer(slot, all);
}

}  // namespace

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

void deferred_reply::reply(bytes payload) { reply_all({&payload, 1}); }

void deferred_reply::reply_all(std::span<const bytes> payloads) {
    if (const auto link = std::exchange(link_, nullptr)) {
        if (!link->connected()) return;  // spares a copy
        try {
            link->post([slot = slot_, packed = packed_payloads(payloads)](link_target& to) {
                give(to, slot, packed);
            });
        } catch (const std::bad_alloc&) {
            link->lose();
        }
    }
}

void deferred_reply::fail(std::string words) { fail(errc::service_failed, std::move(words)); }

void deferred_reply::fail(errc why, std::string words, std::span<const bytes> before) {
    if (!before.empty() && link_) deferred_reply(link_, slot_).reply_all(before);
    if (const auto link = std::exchange(link_, nullptr)) {
        try {
            link->post(
                [why, words = std::move(words)](link_target& to) { to.give_up(why, words); });
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
