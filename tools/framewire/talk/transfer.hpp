#pragma once

#include "cli/progress.hpp"
#include "cli/protocols.hpp"
#include "exchange.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/service/service.hpp"
#include "io/poller.hpp"
#include "io/timer_wheel.hpp"
#include "message_file.hpp"
#include "net/event_loop.hpp"
#include "reply_output.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

namespace framewire {

/// What is sent as one message.
using message = std::variant<std::string, message_file>;

/// How messages are exchanged for replies.
struct transfer_plan {
    const framing& frames;
    const client_wording& wording;
    bool wants_reply = true;
    /// How long nothing may move while a reply is due; zero is forever.
    std::chrono::milliseconds timeout{};
    bool shows_progress = false;
    std::uint64_t reply_bytes_max = unknown_length;
    /// Without framing, replies up to this size are held, to print all of one or nothing; with
    /// framing the session does that.
    std::uint64_t held_bytes_max = 0;
    delivery mode = delivery::whole;
};

/// Sends messages, one after the other, and prints the reply to each: the next payload, or,
/// without framing, as many bytes as were sent. Both directions move at the same time and in
/// pieces, because an echoing server accepts no more while its reply is not read. Serves one
/// connection of a loop, and ends that loop when it is done.
class transfer final : private timer, private pollable {
public:
    /// The next message; nothing after the last.
    using source = std::function<std::optional<message>()>;

    transfer(event_loop& loop, const transfer_plan& plan, source next, reply_output& replies);

    /// Serves the connection. Requires: called once, and this outlives the service.
    [[nodiscard]] std::unique_ptr<service> make_service();
    /// Why it has failed, for a person. Requires: the loop has ended.
    [[nodiscard]] const result<void>& outcome() const noexcept { return outcome_; }

private:
    class service_of;

    // sending
    void send_next(outbox& to);
    void begin(outbox& to);
    void send_file(outbox& to);
    void continue_sending(outbox& to);
    void wait_for_file(int descriptor);
    void ready(interest found) override;
    void sent_all(outbox& to);

    // receiving
    void receive(const piece& data, outbox& to);
    result<void> take_piece(const piece& data);
    result<void> take_unframed(bytes data);
    result<void> print(bytes data, bool last);
    void end_message_if_done(outbox& to);
    void restart_timeout();
    time_point on_timer(time_point now) override;
    void give_up_if_silent(outbox& to);

    void end(outbox& to);
    void server_ended(outbox& to);
    void left(const close_reason& why) noexcept;
    [[nodiscard]] failure failure_for(const close_reason& why) const noexcept;
    void fail(failure why, outbox& to);
    [[nodiscard]] failure refusal(errc why, std::uint64_t size) const {
        return explain(plan_.frames.refusal(why, size), plan_.wording);
    }
    [[nodiscard]] message_file* file() noexcept { return std::get_if<message_file>(&message_); }
    [[nodiscard]] bool counts() const noexcept {
        return plan_.wants_reply && plan_.frames.is_raw();
    }

    event_loop& loop_;
    const transfer_plan& plan_;
    source next_;
    reply_output& replies_;
    peer_handle connection_;
    progress progress_;
    result<void> outcome_;

    message message_;
    std::uint64_t size_ = unknown_length;  // of the message
    std::uint64_t sent_ = 0;               // of a file
    std::uint64_t received_ = 0;
    std::string held_;  // of a reply without framing
    bool holds_ = false;
    bool begun_ = false;  // a file
    bool all_sent_ = false;
    bool all_received_ = false;
    bool server_ended_ = false;
    bool over_ = false;        // there is no further message, or it has failed
    int waited_for_ = -1;      // a file without data
    time_point silent_since_;  // since when nothing has moved
};

}  // namespace framewire
