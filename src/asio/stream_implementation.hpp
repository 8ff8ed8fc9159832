#pragma once

#include "asio_socket.hpp"
#include "framewire/asio/stream.hpp"

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace framewire {

/// A session with a socket: the path of the bytes. The public functions are in stream.cpp.
struct stream::implementation {
    implementation(any_socket connected, endpoint remote, const framing& framed,
                   stream_settings with);

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

    any_socket socket;
    asio::steady_timer timer;  // for receiving
    stream_settings settings;
    framing frames;
    session session_;
    framewire::peer peer;
    std::string input;  // being decoded by the session
    std::string ahead;  // read, and not passed to the session yet
    bool eof = false;
    bool accepted = false;  // by a listener: this is the server's end
    bool sending = false;   // a payload has begun and not ended
    time_point moved;       // when bytes last moved, in either direction
    std::optional<wire_error> broken;
};

}  // namespace framewire
