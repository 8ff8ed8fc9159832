#pragma once

#include "cli/progress.hpp"
#include "cli/protocols.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/net/observer.hpp"
#include "framewire/service/service.hpp"
#include "io/timer_wheel.hpp"
#include "messages.hpp"
#include "net/connection.hpp"
#include "net/event_loop.hpp"
#include "reply_output.hpp"
#include "reply_reader.hpp"
#include "sender.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace framewire {

/// One reply for each message.
struct one_each {};
/// So many replies in all; more are not waited for.
struct exactly {
    std::uint64_t count;
};
/// Whatever comes until the server ends its stream.
struct until_the_end {};
/// None is waited for; what comes is printed.
struct none_due {};
/// None is printed, and the server is given all the time that it takes.
struct discarded {};
using expected_replies = std::variant<one_each, exactly, until_the_end, none_due, discarded>;

/// How messages are exchanged for replies.
struct transfer_plan {
    const framing& frames;
    const client_wording& wording;
    expected_replies replies;
    /// Whether a message waits for the reply to the one before it.
    bool in_lockstep = true;
    /// Whether a frame that no message has asked for is a failure.
    bool is_strict = false;
    /// Whether the server sees the end of our stream once all is sent.
    bool ends_stream = true;
    /// How long nothing may move while a reply is due; zero is forever.
    std::chrono::milliseconds timeout{};
    /// How long nothing must move before our stream is ended, where a reply is due.
    std::chrono::milliseconds end_after{};
    /// How long nothing must move before the transfer ends, where no more replies are due.
    std::chrono::milliseconds wait{};
    /// How many messages there are, if that is known.
    std::optional<std::uint64_t> messages{};
    /// What the errors call what comes.
    std::string_view one_word = "reply";
    std::string_view many_words = "replies";
    bool shows_progress = false;
    reply_rules rules{};
    delivery mode = delivery::whole;
};

/// Sends messages and prints replies, both at the same time and in pieces, because an echoing
/// server accepts no more while its reply is not read. Serves one connection of a loop, and ends
/// that loop when it is done.
class transfer final : private timer {
public:
    /// Requires: all of them outlive this.
    transfer(event_loop& loop, const transfer_plan& plan, message_source next,
             reply_output& replies);

    /// Serves the connection. Requires: called once, and this outlives the service.
    [[nodiscard]] std::unique_ptr<service> make_service();
    /// Which connection it is. Requires: the loop has opened it, with that service.
    void serves(const connection& one) noexcept;
    /// Bytes have been sent or received.
    void note_traffic() noexcept { moved_ = std::chrono::steady_clock::now(); }
    /// Ends it, as nothing can be printed any more. Also the loop.
    void break_off(failure why) noexcept;
    /// Why it has failed, for a person. Requires: the loop has ended.
    [[nodiscard]] const result<void>& outcome() const noexcept { return outcome_; }
    /// How many replies have come.
    [[nodiscard]] std::uint64_t received() const noexcept { return reader_.count(); }

private:
    class service_of;

    void open(outbox& to);
    void send(outbox& to);
    void receive(const piece& data, outbox& to);
    void skip(std::uint64_t size, outbox& to);
    void review(outbox& to);
    void end_stream(outbox& to);
    void server_ended(outbox& to);
    void end(outbox& to);
    void fail(failure why, outbox& to);
    void left(const close_reason& why) noexcept;

    time_point on_timer(time_point now) override;
    void check_silence(outbox& to);
    [[nodiscard]] std::chrono::milliseconds shortest_wait() const noexcept;

    template <class Kind>
    [[nodiscard]] bool expects() const noexcept {
        return std::holds_alternative<Kind>(plan_.replies);
    }
    [[nodiscard]] std::uint64_t due() const noexcept;
    [[nodiscard]] bool has_all() const noexcept { return all_sent_ && received() >= due(); }
    [[nodiscard]] bool waits_for_reply() const noexcept;
    [[nodiscard]] failure missing(errc why) const;
    [[nodiscard]] failure incomplete() const;
    [[nodiscard]] std::string received_words() const;
    [[nodiscard]] failure failure_for(const close_reason& why) const noexcept;

    event_loop& loop_;
    const transfer_plan& plan_;
    peer_handle handle_;
    const connection* connection_ = nullptr;  // null once it has ended
    progress progress_;
    sender sender_;
    reply_reader reader_;
    result<void> outcome_;

    std::uint64_t sent_ = 0;  // messages
    bool all_sent_ = false;
    bool stream_ended_ = false;  // ours
    bool server_ended_ = false;
    bool over_ = false;
    bool has_left_ = false;
    time_point moved_;  // when something was last sent or received
};

}  // namespace framewire
