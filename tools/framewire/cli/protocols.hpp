#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace framewire {

/// What a server prints. Every text is a format with the names `{address}`, `{host}`, `{local}`,
/// `{peer}`, `{count}` (open connections), `{text}` and `{literal}` (the payload, as text and as a
/// Python literal) and `{words}` (of an error). An empty text prints nothing.
struct server_wording {
    std::string_view started;
    std::string_view opened;
    std::string_view message;
    std::string_view peer_left;
    std::string_view failed;
    std::string_view closed;
    /// What is shown of a message that comes whole.
    std::size_t shown_bytes_max;
};

/// What a client prints, and the words that end it.
struct client_wording {
    std::string_view connected;
    std::string_view prompt;
    std::string_view sent;
    std::string_view reply;
    std::string_view server_left;
    std::string_view closed;
    /// The error if the server closes instead of replying; empty: a general one.
    std::string_view no_reply{};
    /// Typing this ends the conversation.
    std::string_view quit{};
    /// Sent instead of `quit`, and at the end of input; empty: `quit` itself is sent, and nothing
    /// at the end of input.
    std::string_view farewell{};
    /// Sent at once instead of prompting; the conversation then ends after one reply.
    std::string_view only_message{};
    /// Waits for the reply to each message before it prompts for the next, as the program of the
    /// protocol does.
    bool in_lockstep = true;
};

/// A named framing, service, address and console wording.
struct protocol {
    std::string_view name;
    std::string_view framing;
    std::string_view service;
    std::string_view address;
    std::string_view ends;
    std::string_view example;
    server_wording server;
    client_wording client;
};

/// The protocols known by name.
[[nodiscard]] std::span<const protocol> protocol_table() noexcept;
/// Null if there is no protocol of that name.
[[nodiscard]] const protocol* find_protocol(std::string_view name) noexcept;
/// The protocol to use if only a framing is given.
[[nodiscard]] const protocol& unnamed_protocol() noexcept;

}  // namespace framewire
