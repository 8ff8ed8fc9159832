#pragma once

#include "asio_socket.hpp"
#include "framewire/asio/stream.hpp"
#include "transport/transport.hpp"
#include "transport/transport_output.hpp"

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace framewire {

/// A session with a socket: the path of the bytes. The public functions are in stream.cpp.
struct stream::implementation {
    implementation(any_socket connected, endpoint remote, const framing& framed,
                   stream_settings with, std::unique_ptr<transport> over);

    // stream_receiving.cpp
    awaitable<wire_result<piece>> receive();
    [[nodiscard]] wire_result<piece> result_of(const event& found) const;
    [[nodiscard]] wire_error current_error() const;
    void read_ahead();
    void take_input();
    awaitable<void> wait_readable();
    [[nodiscard]] time_point reply_deadline(time_point waiting_since) const noexcept;
    static awaitable<void> linger(std::unique_ptr<implementation> self);

    // stream_sending.cpp
    awaitable<wire_result<void>> send(bytes payload);
    wire_result<void> begin(std::uint64_t announced);
    awaitable<wire_result<void>> append(bytes data);
    awaitable<wire_result<void>> end();
    awaitable<wire_result<void>> finish();
    awaitable<wire_result<void>> flush();
    awaitable<bool> wait_writable();
    wire_error give_up();
    void shut_down();

    // stream_transport.cpp
    [[nodiscard]] bool is_established() const noexcept { return !line || line->established(); }
    [[nodiscard]] wire_result<bytes> next_output();
    [[nodiscard]] std::size_t sent(std::size_t size);
    void receive_wire();
    void receive_eof_of_wire();
    void note_opened();
    void send_now();
    void close_wire();
    bool expire_handshake();
    awaitable<wire_result<void>> establish();
    awaitable<void> wait_for_handshake();

    any_socket socket;
    asio::steady_timer timer;  // for receiving
    stream_settings settings;
    session session_;
    framewire::peer peer;
    std::string input;  // being decoded by the session
    std::string ahead;  // read, and not passed to the session yet
    bool eof = false;
    bool accepted = false;  // by a listener: this is the server's end
    bool sending = false;   // a payload has begun and not ended
    time_point moved;       // when bytes last moved, in either direction
    std::optional<wire_error> broken;
    std::unique_ptr<transport> line;         // null if plain
    std::string wire;                        // read, for `line`
    std::optional<transport_output> output;  // of `line`
    time_point handshake_due = time_point::max();
    std::optional<wire_error> truncation;  // the stream ended, but not its transport
};

}  // namespace framewire
