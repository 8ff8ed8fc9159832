#pragma once

#include "framewire/core/error.hpp"
#include "test_ca.hpp"
#include "transport/tls_transports.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::tests {

template <class T>
T unwrap(result<T> made) {
    if (!made) throw std::runtime_error(made.error().words);
    return std::move(*made);
}

/// One end of a TLS connection, and what has happened to it.
struct tls_end {
    std::unique_ptr<transport> line;
    std::string stream{};   ///< received
    std::string failure{};  ///< `tls.handshake: words`, the first
    std::string wire{};     ///< everything that it has sent

    void receive(bytes some) { note(line->receive(some, stream)); }
    void receive_eof() { note(line->receive_eof()); }
    void send(bytes some) { note(line->send(some)); }
    /// What is to be sent, which counts as sent then.
    std::string take_output() {
        std::string out(line->output());
        line->sent(out.size());
        wire += out;
        return out;
    }
    [[nodiscard]] std::string name() const { return failure.substr(0, failure.find(':')); }

private:
    void note(const wire_result<void>& done) {
        if (done || !failure.empty()) return;
        failure = std::string(error_name(done.error().code)) + ": " + done.error().words;
    }
};

/// A client and a server, without a network.
struct tls_ends {
    tls_end client;
    tls_end server;

    /// Passes what is sent, `at_most` bytes at once, until there is no more.
    void exchange(std::size_t at_most = std::string::npos) {
        while (true) {
            const auto there = client.take_output();
            deliver(there, server, at_most);
            const auto back = server.take_output();
            deliver(back, client, at_most);
            if (there.empty() && back.empty()) return;
        }
    }
    static void deliver(std::string_view wire, tls_end& to, std::size_t at_most) {
        for (; !wire.empty(); wire.remove_prefix(std::min(at_most, wire.size()))) {
            to.receive(wire.substr(0, at_most));
        }
    }
};

/// Makes both ends with certificates of one CA.
class tls_world {
public:
    tls_world() : server{.certificates = {ca.issue()}}, client{.ca_file = ca.file()} {}

    [[nodiscard]] tls_ends ends(std::string_view host = "localhost") const {
        return {{unwrap(tls_client_transports(client, host))()},
                {unwrap(tls_server_transports::load(server)).make()}};
    }
    /// After the handshake.
    [[nodiscard]] tls_ends talking() const {
        auto both = ends();
        both.exchange();
        return both;
    }

    test_ca ca;
    tls_server_settings server;
    tls_client_settings client;
};

}  // namespace framewire::tests
