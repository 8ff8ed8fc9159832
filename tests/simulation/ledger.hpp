#pragma once

#include "framewire/net/observer.hpp"
#include "framewire/net/server.hpp"
#include "framewire/service/service.hpp"
#include "world.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace framewire::tests {

/// What the server has told of its connections: to an observer, and to their services.
class ledger final : public observer {
public:
    struct entry {
        std::uint64_t link = 0;  // 0: unknown
        bool has_service = false;
        bool opened = false;
        bool closed = false;
        nanoseconds when{};  // it was closed
        std::optional<errc> error{};
        close_reason::kind why{};
        std::uint64_t frames = 0;
        std::uint64_t turn = 0;
        std::size_t frames_of_turn = 0;
        bool left = false;
    };

    ledger(world& in, bool observes) : world_(in), observes_(observes) {}

    void on(const peer& who, const occurrence& what) override;
    [[nodiscard]] bool observes_traffic() const noexcept override { return observes_; }

    /// A service that tells this ledger of the calls that it gets.
    std::unique_ptr<service> watch(const peer& who, std::unique_ptr<service> inner);

    /// Every connection whose descriptor was closed is destroyed. Holds whenever a loop waits.
    void check_turn() const;
    /// Once the server has ended.
    void check_end(const server_statistics& counted) const;
    /// Null if nothing is known of this connection.
    [[nodiscard]] const entry* of(std::uint64_t link) const;

private:
    friend class watched_service;
    entry& at(const peer& who) { return entries_[who.id]; }
    void frame(const peer& who);

    world& world_;
    bool observes_;
    std::map<std::uint64_t, entry> entries_;
    std::map<std::uint64_t, std::uint64_t> by_link_;
    std::size_t services_ = 0;
    std::set<std::uint64_t> left_;  // of which connections
    std::uint64_t refused_ = 0;
};

}  // namespace framewire::tests
