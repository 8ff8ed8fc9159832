#pragma once

#include "cli/progress.hpp"
#include "cli/protocols.hpp"
#include "message_file.hpp"
#include "net/client_connection.hpp"
#include "reply_output.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace framewire {

/// What is sent as one message.
using message = std::variant<std::string, message_file>;

/// How messages are exchanged for replies.
struct transfer_plan {
    const client_wording& wording;
    bool is_raw = false;
    bool counts_characters = false;
    bool wants_reply = true;
    bool shows_progress = false;
    std::uint64_t reply_bytes_max = unknown_length;
    /// Without framing, replies up to this size are held, to print all of one or nothing; with
    /// framing the session does that.
    std::uint64_t held_bytes_max = 0;
};

/// One message and its reply: the next payload, or, without framing, as many bytes as were sent.
/// Sends and receives at the same time and in pieces, because an echoing server accepts no more
/// while its reply is not read.
class transfer {
public:
    transfer(client_connection& connection, const transfer_plan& plan, reply_output& replies);

    /// Fails with words for a person; the connection cannot be used further then.
    result<void> run(message& what);

private:
    result<void> begin(const message& what);
    result<void> send_more(message_file* file);
    result<void> send_part(message_file& file);
    result<void> receive_more();
    result<void> take_piece(const piece& payload);
    result<void> take_unframed(const piece& payload);
    result<void> print(bytes data, bool last);
    void show_received(std::uint64_t total);
    [[nodiscard]] tl::unexpected<failure> failed(const wire_error& error) const;
    [[nodiscard]] tl::unexpected<failure> failed(const wire_error& error,
                                                 const message_file& of) const;

    client_connection& connection_;
    const transfer_plan& plan_;
    reply_output& replies_;
    progress progress_;
    std::uint64_t size_ = unknown_length;  // of the message
    std::uint64_t sent_ = 0;               // of a file
    std::uint64_t received_ = 0;
    std::string held_;  // of a reply without framing
    bool holds_;
    bool all_sent_ = false;
    bool all_received_ = false;
    bool moved_ = false;  // in the current cycle
};

}  // namespace framewire
