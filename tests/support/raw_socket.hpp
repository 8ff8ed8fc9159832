#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/io/address.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace framewire::tests {

/// One frame of `digits:10`.
[[nodiscard]] std::string digits_frame(std::string_view payload);

/// How a peer's stream ended.
enum class ending : std::uint8_t { eof, reset, silence };
inline void PrintTo(ending how, std::ostream* out) {
    constexpr std::array<std::string_view, 3> words{"eof", "reset", "silence"};
    *out << words.at(static_cast<std::size_t>(how));
}

/// What was received before the end.
struct last_words {
    std::string received;
    ending how = ending::silence;
};

/// A socket that uses none of our code. Everything that waits gives up after `test_timeout` and
/// throws what was received until then.
class raw_socket {
public:
    /// Not connected. `buffer_bytes` is asked of the system for each direction; zero leaves its
    /// default.
    explicit raw_socket(endpoint::family kind, int buffer_bytes = 0);
    /// Connected.
    explicit raw_socket(const endpoint& to, int buffer_bytes = 0);
    /// Takes over a descriptor.
    explicit raw_socket(int descriptor);
    raw_socket(raw_socket&& other) noexcept;
    raw_socket& operator=(raw_socket&& other) noexcept;
    ~raw_socket();

    void connect(const endpoint& to);
    /// Begins to connect and does not wait.
    void begin_to_connect(const endpoint& to);
    /// True if a connection that was begun is established within that time.
    [[nodiscard]] bool connected_within(std::chrono::milliseconds time);
    /// Binds to an ephemeral port of the loopback and listens.
    void listen(int backlog = 64);
    [[nodiscard]] raw_socket accept();
    [[nodiscard]] endpoint local() const;

    /// Sends all of it.
    void send(std::string_view data);
    /// Sends until nothing is accepted for `pause`, or an error; returns the number of bytes sent.
    std::size_t send_until_refused(std::string_view data, std::chrono::milliseconds pause);
    void send_end();

    [[nodiscard]] std::string receive(std::size_t size);
    /// What has arrived; empty at the end.
    [[nodiscard]] std::string receive_some();
    [[nodiscard]] last_words receive_to_end();
    /// True if data or the end can be read within that time.
    [[nodiscard]] bool readable_within(std::chrono::milliseconds time) const;

    /// Sends one frame and returns the next bytes, as many as it had.
    [[nodiscard]] std::string request(std::string_view payload);

    /// Closes it so that the peer sees a reset.
    void reset();
    void close();
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

private:
    int descriptor_ = -1;
    bool was_reset_ = false;  // noticed while sending; the system reports it only once
};

}  // namespace framewire::tests
