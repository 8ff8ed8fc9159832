#pragma once

#include "cli/progress.hpp"
#include "cli/protocols.hpp"
#include "framewire/asio/stream.hpp"
#include "message_file.hpp"
#include "reply_output.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <optional>
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
    /// Without framing, replies are held up to here, to be printed whole or not at all; with
    /// framing the session does that.
    std::uint64_t held_bytes_max = 0;
};

/// One message and its reply: the next payload, or, without framing, as many bytes as were sent.
/// Both pass at once and in pieces, because a server that sends back what it receives takes no
/// more while nobody takes its reply.
class transfer {
public:
    transfer(boost::asio::io_context& loop, stream& connection, const transfer_plan& plan,
             reply_output& replies);

    /// Fails with words for a person; nothing more can be sent on the connection then.
    stream::awaitable<result<void>> run(message& what);

private:
    using outcome = result<void>;

    stream::awaitable<void> side(stream::awaitable<outcome> work);
    stream::awaitable<outcome> send(message& what);
    stream::awaitable<outcome> send_file(message_file& file);
    stream::awaitable<outcome> receive();
    stream::awaitable<outcome> receive_payload();
    stream::awaitable<outcome> receive_as_much();
    stream::awaitable<outcome> receive_for_nothing();
    stream::awaitable<std::optional<wire_result<piece>>> next_unless_all_is_there();
    outcome print(bytes part, bool last);
    void show_received(std::uint64_t total);
    [[nodiscard]] tl::unexpected<failure> failed(const wire_error& error) const;
    [[nodiscard]] tl::unexpected<failure> failed(const wire_error& error,
                                                 const message_file& of) const;

    stream& connection_;
    const transfer_plan& plan_;
    reply_output& replies_;
    progress progress_;
    boost::asio::steady_timer never_;
    boost::asio::steady_timer all_is_there_;
    outcome outcome_;
    int sides_left_;
    bool all_sent_ = false;
    std::uint64_t size_ = unknown_length;  // of the message
    std::uint64_t received_ = 0;
};

}  // namespace framewire
