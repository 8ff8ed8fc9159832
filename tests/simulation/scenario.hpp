#pragma once

#include "client_peer.hpp"
#include "ledger.hpp"
#include "simulated_peer.hpp"
#include "simulated_service.hpp"
#include "wire_form.hpp"
#include "world.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace framewire::tests {

/// A server and those who connect to it, as the seed wants them.
class scenario {
public:
    explicit scenario(std::uint64_t seed);

    /// Prints all that happens.
    void print_all() { world_.time.print_all(); }
    /// Until all is over. A violation ends the program.
    void run();

private:
    struct one_peer {
        std::unique_ptr<simulated_peer> peer;
        std::size_t owed_at_stop = 0;  // sent bytes whose replies it gets, although we stop
    };

    void choose_limits();
    void serve();
    void stop(server& one);
    void check_memory() const;
    void check_quiet() const;
    void add_droughts();
    void add_peers();
    void add_clients();
    void add_peer(nanoseconds begins, bool crowd);
    void check_peer(const one_peer& one) const;

    world world_;
    wire_form form_;
    simulated_service served_;
    server_settings settings_;
    ledger ledger_;
    std::size_t idle_bytes_ = 0;  // that a server needs to wait for the first peer
    std::size_t largest_payload_ = 0;
    nanoseconds ends_{};         // when the server is told to stop
    nanoseconds has_ended_{-1};  // when it has
    std::vector<one_peer> peers_;
    std::vector<std::unique_ptr<client_peer>> clients_;
};

}  // namespace framewire::tests
