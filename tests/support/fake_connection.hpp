#pragma once

#include "framewire/core/error.hpp"
#include "framewire/service/deferred_reply.hpp"
#include "framewire/service/detail/peer_link.hpp"
#include "framewire/service/peer_handle.hpp"
#include "framewire/service/service.hpp"

#include "recording_outbox.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace framewire::tests {

/// Frames a payload as a number and the payload, and counts how often.
struct counting_framing {
    int encoded = 0;
    /// Payloads that are longer cannot be framed.
    std::size_t payload_bytes_max = std::numeric_limits<std::size_t>::max();

    tl::expected<void, errc> encode(const std::string& payload, std::string& out) {
        ++encoded;
        if (payload.size() > payload_bytes_max) return tl::unexpected(errc::frame_too_large);
        out += std::to_string(payload.size()) + ":" + payload;
        return {};
    }
};

/// What a connection does for those who hold a handle to it, as text. Only the thread of its
/// executor uses it.
class fake_connection final : public link_target {
public:
    explicit fake_connection(std::shared_ptr<executor> loop, std::uint64_t id = 1,
                             std::size_t waiting_bytes_max = std::size_t{256} << 10U)
        : link_(std::make_shared<peer_link>(std::move(loop), *this, peer{id, {}, {}},
                                            waiting_bytes_max)) {}
    ~fake_connection() override { cut(); }

    /// Its framing, which others may share.
    std::shared_ptr<counting_framing> framing = std::make_shared<counting_framing>();
    /// False while the peer takes nothing.
    bool takes = true;
    /// An error ends the connection at once.
    bool ends_when_given_up = true;
    /// Called when the connection ends by an error.
    std::function<void()> left{};

    [[nodiscard]] peer_handle handle() const { return peer_handle(link_); }
    [[nodiscard]] const std::shared_ptr<peer_link>& link() const { return link_; }
    [[nodiscard]] deferred_reply defer() { return {link_, ++slots_}; }

    /// What has been done since the last call: `answer 1 hi`, `push 2:hi`, ...
    std::vector<std::string> done() { return std::exchange(done_, {}); }
    void cut() noexcept { link_->cut(); }

    void answer(std::uint64_t slot, std::span<const bytes> payloads) override {
        done_.push_back("answer " + std::to_string(slot));
        for (const auto one : payloads) done_.back() += ' ' + std::string(one);
    }
    void skip(std::uint64_t slot) override { done_.push_back("skip " + std::to_string(slot)); }
    void give_up(errc why, bytes words) override {
        done_.push_back(std::string(error_name(why)) + ": " + std::string(words));
        if (!ends_when_given_up) return;
        cut();
        if (left) left();
    }
    void pull() override {
        ++pulls;
        while (takes) {
            const auto message = link_->take();
            if (!message) return;
            const auto frame =
                message->framed(framing, [this](const std::string& payload, std::string& out) {
                    return framing->encode(payload, out);
                });
            if (frame) {
                done_.push_back("push " + *frame);
            } else {
                link_->count_dropped();
            }
        }
    }
    void call(const std::function<void(outbox&)>& task) override {
        recording_outbox replies;
        task(replies);
        for (auto& one : replies.done()) done_.push_back(std::move(one));
    }
    void finish() override { done_.emplace_back("finish"); }

    int pulls = 0;

private:
    std::shared_ptr<peer_link> link_;
    std::uint64_t slots_ = 0;
    std::vector<std::string> done_;
};

using calls = std::vector<std::string>;

}  // namespace framewire::tests
