#pragma once

#include "framewire/net/server.hpp"
#include "ledger.hpp"
#include "simulated_peer.hpp"
#include "world.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace framewire::tests {

/// Whether the deadlines of a connection fired when they had to, and never before.
class deadline_check {
public:
    deadline_check(const world& in, const server_settings& settings, const simulated_peer& of,
                   const ledger::entry& known)
        : world_(in), settings_(settings), peer_(of), known_(known) {}

    /// What does not hold, or nothing.
    [[nodiscard]] std::string_view wrong() const;
    /// How much had been received when the connection was over.
    [[nodiscard]] std::uint64_t received() const;

private:
    [[nodiscard]] std::string_view fired(errc which) const;
    [[nodiscard]] std::string_view refusal(errc which) const;
    [[nodiscard]] std::string_view did_not_fire() const;
    [[nodiscard]] const link::account& kept() const { return peer_.link()->kept; }
    [[nodiscard]] nanoseconds last_moved() const;
    [[nodiscard]] nanoseconds frame_began() const;
    [[nodiscard]] nanoseconds slack() const;

    const world& world_;
    const server_settings& settings_;
    const simulated_peer& peer_;
    const ledger::entry& known_;
};

}  // namespace framewire::tests
