#pragma once

#include "subject.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// A server must pass a case of the first level; it would be wise to pass one of the second.
enum class check_level : std::uint8_t { must, should };

/// One step of a conversation with the server, or with a client.
struct check_step {
    enum class kind : std::uint8_t {
        send,         ///< `data`, with a pause of `time` before each of `cuts`
        send_unread,  ///< `data`, and reads no replies before `time` has passed
        pass,         ///< `time`
        expect,       ///< the replies to `messages`, in order
        expect_end,   ///< no other reply, and the end of the connection
        end_stream,   ///< our half
        reset,
        next_client,     ///< closes; another connection, with a message that gets its reply
        other_client,    ///< the same while this connection stays open
        flood,           ///< `data` again and again up to `count` bytes, or until the server has
                         ///< taken nothing for `time`; reads no replies
        crowd,           ///< `count` connections at once, each with a message and its reply
        close_notify,    ///< ends our stream, and keeps the socket
        end_socket,      ///< without `close_notify`
        send_past_tls,   ///< `data`
        expect_refusal,  ///< no reply, no handshake, and the end within five timeouts
        silent_clients,  ///< `count` connections that send nothing
        receive,         ///< the next message of a client; it may end instead, as advice
        reply,           ///< to it, with a pause of `time` before each of `cuts`; if `count` is
                         ///< not 0, only so many bytes
        serve,           ///< the same for this and all further messages, until the client ends
        serve_and_end,   ///< the same, and our stream ends with the last of the usual replies
        serve_pairs,     ///< the same, the replies to two messages at once
        expect_usual,    ///< does as after replies in one piece
        expect_end_of_client,  ///< sends no more, ends, and its exit status is not 0
    };
    kind what = kind::send;
    std::string data{};
    std::vector<std::size_t> cuts{};
    std::chrono::milliseconds time{0};
    std::vector<std::string> messages{};
    std::size_t count = 0;
    /// It is only unwise not to do what is expected here.
    bool is_advice = false;
};

/// One connection, from its first byte on.
struct check_script {
    /// What is special about this one among those of its case: `cut before byte 3`.
    std::string how{};
    std::vector<check_step> steps{};
    /// Without TLS, where the server has it.
    bool is_plain = false;
    /// Sends the first frame itself, where that is of another framing.
    bool has_opening = false;
    /// As in `live_settings`.
    std::size_t handshake_piece = 0;
};

/// A row of the catalogue.
struct check_row {
    std::uint32_t number;  ///< never changes, and is never given to another
    std::string_view name;
    check_level level;
    std::string_view rule;
    std::string_view source;
    /// What to change in a program that fails.
    std::string_view advice;
    /// Adds the scripts for this framing and service. If it adds none and gives no reason to skip
    /// the case, there is nothing of this kind to check.
    void (*make)(const check_subject& subject, struct check_case& into);
    checked_end end = checked_end::server;

    [[nodiscard]] bool is_for(checked_end one) const noexcept {
        return end == one || end == checked_end::both;
    }
};

/// A row for one framing and service.
struct check_case {
    const check_row* row = nullptr;
    std::vector<check_script> scripts{};
    /// Why it cannot be run; empty if it can.
    std::string skipped{};
};

/// Every row, by number.
[[nodiscard]] std::span<const check_row> check_catalogue();

/// The cases that apply.
[[nodiscard]] std::vector<check_case> make_cases(const check_subject& subject);

}  // namespace framewire
