#pragma once

#include "check_case.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace framewire {

// What the scripts of cases are made of.

/// Between two pieces that the server should read one by one. Long enough for it to wake up, on a
/// machine that is not overloaded, and short enough for a hundred of them.
inline constexpr std::chrono::milliseconds piece_pause{5};

/// For what is not expected to come, or did not come before where it should.
inline constexpr std::chrono::milliseconds short_wait{100};

using positions = std::vector<std::size_t>;

inline check_step send(std::string data, positions cuts = {},
                       std::chrono::milliseconds pause = piece_pause) {
    return {.what = check_step::kind::send,
            .data = std::move(data),
            .cuts = std::move(cuts),
            .time = pause};
}
inline check_step send_unread(std::string data, std::chrono::milliseconds time) {
    return {.what = check_step::kind::send_unread, .data = std::move(data), .time = time};
}
inline check_step flood(std::string data, std::size_t bytes_max, std::chrono::milliseconds time) {
    return {.what = check_step::kind::flood,
            .data = std::move(data),
            .time = time,
            .count = bytes_max};
}
inline check_step pass(std::chrono::milliseconds time) {
    return {.what = check_step::kind::pass, .time = time};
}
inline check_step expect(std::vector<std::string> messages) {
    return {.what = check_step::kind::expect, .messages = std::move(messages)};
}
inline check_step expect_end() { return {.what = check_step::kind::expect_end}; }
/// The end is expected, but a server that does not end the connection is only warned of.
inline check_step advise_end() {
    return {.what = check_step::kind::expect_end, .is_advice = true};
}
inline check_step end_stream() { return {.what = check_step::kind::end_stream}; }
inline check_step reset() { return {.what = check_step::kind::reset}; }
inline check_step close_notify() { return {.what = check_step::kind::close_notify}; }
inline check_step end_socket() { return {.what = check_step::kind::end_socket}; }
inline check_step send_past_tls(std::string data) {
    return {.what = check_step::kind::send_past_tls, .data = std::move(data)};
}
inline check_step expect_refusal() { return {.what = check_step::kind::expect_refusal}; }
inline check_step silent_clients(std::size_t count) {
    return {.what = check_step::kind::silent_clients, .count = count};
}
inline check_step other_client() { return {.what = check_step::kind::other_client}; }
inline check_step next_client() { return {.what = check_step::kind::next_client}; }
inline check_step crowd(std::size_t count) {
    return {.what = check_step::kind::crowd, .count = count};
}

// Those with a client.
inline check_step receive() { return {.what = check_step::kind::receive}; }
/// The script is over if it ends instead.
inline check_step receive_or_end() {
    return {.what = check_step::kind::receive, .is_advice = true};
}
/// All of the reply, or so many bytes.
inline check_step reply(std::size_t count = 0, std::chrono::milliseconds pause = piece_pause) {
    return {.what = check_step::kind::reply, .time = pause, .count = count};
}
inline check_step serve(positions cuts = {}, std::chrono::milliseconds pause = piece_pause) {
    return {.what = check_step::kind::serve, .cuts = std::move(cuts), .time = pause};
}
/// Our stream ends with the last reply that the client usually waits for.
inline check_step serve_and_end() { return {.what = check_step::kind::serve_and_end}; }
inline check_step serve_pairs() { return {.what = check_step::kind::serve_pairs}; }
inline check_step expect_usual() { return {.what = check_step::kind::expect_usual}; }
/// That it ends the connection is only expected of a wise one, unless it `must`.
inline check_step expect_end_of_client(bool must = false) {
    return {.what = check_step::kind::expect_end_of_client, .is_advice = !must};
}

/// Every position inside a stream of this size; `count_max` of them, spread evenly, if there are
/// more.
[[nodiscard]] positions positions_in(std::size_t size, std::size_t count_max);

/// The script of a stream of any bytes, as our own decoder reads it: the replies to its messages;
/// then the end of the connection, if the stream is wrong or ends inside a frame; and the next
/// client. Sent to a client instead of a reply, the stream ends where it is incomplete.
[[nodiscard]] check_script script_of(const check_subject& subject, std::string how,
                                     std::string stream);

/// The rows of each kind of case, by number.
[[nodiscard]] std::span<const check_row> rows_of_pieces() noexcept;
[[nodiscard]] std::span<const check_row> rows_of_payloads() noexcept;
[[nodiscard]] std::span<const check_row> rows_of_lengths() noexcept;
[[nodiscard]] std::span<const check_row> rows_of_frames() noexcept;
[[nodiscard]] std::span<const check_row> rows_of_first_frames() noexcept;
[[nodiscard]] std::span<const check_row> rows_of_ends() noexcept;
[[nodiscard]] std::span<const check_row> rows_of_load() noexcept;
[[nodiscard]] std::span<const check_row> rows_of_protocols() noexcept;
[[nodiscard]] std::span<const check_row> rows_of_tls() noexcept;
[[nodiscard]] std::span<const check_row> rows_of_replies() noexcept;

}  // namespace framewire
