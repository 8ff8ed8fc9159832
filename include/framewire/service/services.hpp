#pragma once

#include "framewire/service/peer_handle.hpp"
#include "framewire/service/room.hpp"
#include "framewire/service/service.hpp"

#include <cstddef>
#include <deque>
#include <string>

namespace framewire {

/// Sends every payload back, in constant memory whatever its size. The connection ends after a
/// payload equal to `until`, unless that is empty.
class echo final : public service {
public:
    explicit echo(std::string until = {}) : until_(std::move(until)) {}
    void receive(const piece& message, outbox& replies) override;
    std::size_t receive_run(const payload_run& messages, outbox& replies) override;
    [[nodiscard]] bool streams() const noexcept override { return true; }

private:
    std::string until_;
    bool answering_ = false;
};

/// Receives every payload and replies to none.
class discard final : public service {
public:
    void receive(const piece& /*message*/, outbox& /*replies*/) override {}
    std::size_t receive_run(const payload_run& messages, outbox& /*replies*/) override {
        return messages.size();
    }
    [[nodiscard]] bool streams() const noexcept override { return true; }
};

/// Replies to every payload with the same text.
class reply_with final : public service {
public:
    /// `last`: the connection ends after the first reply.
    reply_with(std::string text, bool last) : text_(std::move(text)), last_(last) {}
    void receive(const piece& message, outbox& replies) override;
    std::size_t receive_run(const payload_run& messages, outbox& replies) override;

private:
    std::string text_;
    bool last_;
};

/// Confirms every payload once it is complete. The connection ends after the reply to a payload
/// equal to `until`, unless that is empty.
class acknowledge final : public service {
public:
    static constexpr std::string_view default_text = "Message received successfully....";

    explicit acknowledge(std::string text = std::string(default_text), std::string until = {})
        : text_(std::move(text)), until_(std::move(until)) {}
    void receive(const piece& message, outbox& replies) override;
    std::size_t receive_run(const payload_run& messages, outbox& replies) override;
    [[nodiscard]] bool streams() const noexcept override { return true; }

private:
    std::string text_;
    std::string until_;
};

/// Sends every payload to all other members of the room, and replies to none. While the loops have
/// too much to send already, nothing is read from its peer.
class relay final : public service {
public:
    explicit relay(room members) : room_(std::move(members)) {}
    void opened(const peer& who, outbox& replies) override;
    void receive(const piece& message, outbox& replies) override;
    void peer_ended(outbox& replies) override;

private:
    void send_waiting(outbox& replies);
    void retry_soon();

    room room_;
    peer_handle self_;
    std::deque<std::string> waiting_;  // what the room does not take yet
    bool ended_ = false;
};

}  // namespace framewire
