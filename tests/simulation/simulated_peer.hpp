#pragma once

#include "conversation.hpp"
#include "link.hpp"
#include "peer_habits.hpp"
#include "receipt.hpp"
#include "world.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace framewire::tests {

/// One who connects to the simulated server, and checks what it gets.
class simulated_peer {
public:
    enum class outcome : std::uint8_t { waiting, refused, ended, reset, left, vanished };

    /// Requires: `form` outlives it.
    simulated_peer(world& in, const peer_habits& habits, conversation says, const wire_form& form,
                   receipt::rule checks)
        : world_(in), habits_(habits), says_(std::move(says)), got_(says_, form, checks) {}
    simulated_peer(const simulated_peer&) = delete;
    simulated_peer& operator=(const simulated_peer&) = delete;

    /// Connects now.
    void connect(std::uint16_t port);

    [[nodiscard]] const peer_habits& habits() const noexcept { return habits_; }
    [[nodiscard]] outcome how() const noexcept { return outcome_; }
    [[nodiscard]] const conversation& says() const noexcept { return says_; }
    [[nodiscard]] const receipt& got() const noexcept { return got_; }
    /// Null if nobody listened.
    [[nodiscard]] const std::shared_ptr<framewire::tests::link>& link() const noexcept {
        return link_;
    }

private:
    void changed();
    void write();
    void read();
    void end_if_done();
    void end(outcome how);
    [[nodiscard]] std::size_t all() const noexcept {
        return std::min(says_.sends.size(), habits_.sends_max);
    }
    [[nodiscard]] std::size_t may_send();
    [[nodiscard]] nanoseconds up_to(nanoseconds most);

    world& world_;
    peer_habits habits_;
    conversation says_;
    receipt got_;
    std::shared_ptr<framewire::tests::link> link_;
    outcome outcome_ = outcome::waiting;
    std::size_t sent_ = 0;
    bool writes_soon_ = false;
    bool reads_soon_ = false;
    bool has_ended_ = false;  // its stream
};

}  // namespace framewire::tests
