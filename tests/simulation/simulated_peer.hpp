#pragma once

#include "conversation.hpp"
#include "link.hpp"
#include "peer_habits.hpp"
#include "world.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace framewire::tests {

/// One who connects to the simulated server, and checks what it gets.
class simulated_peer {
public:
    enum class outcome : std::uint8_t { waiting, refused, ended, reset, left };

    simulated_peer(world& in, peer_habits habits, conversation says)
        : world_(in), habits_(habits), says_(std::move(says)) {}

    /// Connects now.
    void connect(std::uint16_t port);

    [[nodiscard]] const peer_habits& habits() const noexcept { return habits_; }
    [[nodiscard]] outcome how() const noexcept { return outcome_; }
    [[nodiscard]] bool has_everything() const noexcept { return received_ == says_.owed.size(); }
    [[nodiscard]] std::size_t received() const noexcept { return received_; }
    [[nodiscard]] std::size_t sent() const noexcept { return sent_; }
    [[nodiscard]] const conversation& says() const noexcept { return says_; }
    /// Null if nobody listened.
    [[nodiscard]] const std::shared_ptr<framewire::tests::link>& link() const noexcept {
        return link_;
    }

private:
    void changed();
    void write();
    void read();
    void check(std::string_view data);
    void end_if_done();
    void end(outcome how);
    [[nodiscard]] std::size_t may_send() const noexcept;
    [[nodiscard]] nanoseconds up_to(nanoseconds most);

    world& world_;
    peer_habits habits_;
    conversation says_;
    std::shared_ptr<framewire::tests::link> link_;
    outcome outcome_ = outcome::waiting;
    std::size_t sent_ = 0;
    std::size_t received_ = 0;
    std::size_t answered_ = 0;  // exchanges
    bool writes_soon_ = false;
    bool reads_soon_ = false;
    bool has_ended_ = false;  // its stream
};

}  // namespace framewire::tests
