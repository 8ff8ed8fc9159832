#pragma once

#include "raw_socket.hpp"
#include "tls_ends.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::tests {

/// A client that speaks TLS over a socket of its own, byte by byte.
class tls_socket {
public:
    tls_socket(raw_socket connected, tls_end with)
        : socket(std::move(connected)), end(std::move(with)) {}

    /// Also ends when the handshake has failed.
    void shake_hands() {
        flush();
        while (!end.line->established() && end.failure.empty()) take(1);
    }
    void send(std::string_view stream) {
        end.send(stream);
        flush();
    }
    /// The next bytes of the stream, or those before it ends or fails.
    std::string receive(std::size_t size) {
        while (end.stream.size() < size && !end.line->peer_finished() && end.failure.empty()) {
            take(1);
        }
        return std::exchange(end.stream, {});
    }
    void close() {
        end.line->close();
        flush();
    }

    raw_socket socket;
    tls_end end;
    std::size_t received_bytes = 0;  ///< of the wire

private:
    void flush() {
        if (const auto out = end.take_output(); !out.empty()) socket.send(out);
    }
    void take(std::size_t size) {
        end.receive(socket.receive(size));
        received_bytes += size;
        flush();
    }
};

}  // namespace framewire::tests
