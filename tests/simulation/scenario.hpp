#pragma once

#include "ledger.hpp"
#include "simulated_peer.hpp"
#include "wire_form.hpp"
#include "world.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace framewire::tests {

/// A server and those who connect to it, as the seed wants them.
class scenario {
public:
    explicit scenario(std::uint64_t seed);

    /// Until all is over. A violation ends the program.
    void run();

private:
    void serve();
    void stop(server& one);
    void add_peers();
    void add_peer(nanoseconds begins);
    void check_peer(const simulated_peer& one) const;

    world world_;
    wire_form form_;
    server_settings settings_;
    ledger ledger_;
    nanoseconds ends_{};         // when the server is told to stop
    nanoseconds has_ended_{-1};  // when it has
    std::vector<std::unique_ptr<simulated_peer>> peers_;
};

}  // namespace framewire::tests
