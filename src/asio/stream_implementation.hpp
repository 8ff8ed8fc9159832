#pragma once

#include "asio_socket.hpp"
#include "framewire/asio/stream.hpp"

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace framewire {

/// A session with a socket: the ways of the bytes. What users call is in stream.cpp.
struct stream::implementation {
    implementation(any_socket connected, const framing& framed, stream_settings with);

    // stream_receiving.cpp
    awaitable<wire_result<piece>> receive();
    [[nodiscard]] wire_result<piece> heard(const event& said) const;
    [[nodiscard]] wire_error current_error() const;
    void read_ahead();
    void take_input();
    awaitable<void> wait_readable();
    [[nodiscard]] time_point patience(time_point asked) const noexcept;
    static awaitable<void> linger(std::unique_ptr<implementation> self);

    // stream_sending.cpp
    awaitable<wire_result<void>> send(bytes payload);
    wire_result<void> begin(std::uint64_t announced);
    awaitable<wire_result<void>> append(bytes part);
    awaitable<wire_result<void>> end();
    [[nodiscard]] wire_error not_framed(errc why, std::uint64_t size) const;
    awaitable<wire_result<void>> finish();
    awaitable<wire_result<void>> flush();
    awaitable<bool> wait_writable();
    wire_error give_up();
    void shut_down();

    any_socket socket;
    asio::steady_timer timer;  // of whoever receives
    stream_settings settings;
    framing frames;
    session session_;
    framewire::peer ends;
    std::string input;  // what the session is decoding
    std::string ahead;  // what has been read and not been given to it
    bool eof = false;
    bool accepted = false;  // by a listener: ours is the server's end
    bool sending = false;   // a payload is begun and not ended
    time_point moved;       // when bytes were last taken, by us or by the peer
    std::optional<wire_error> broken;
};

}  // namespace framewire
