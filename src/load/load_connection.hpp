#pragma once

#include "framewire/codec/framing.hpp"
#include "io/poller.hpp"
#include "io/sockets.hpp"
#include "reply_check.hpp"
#include "schedule.hpp"
#include "transport/transport.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace framewire {

class load_loop;

/// One connection of a run: sends messages, checks replies, and reconnects after a failure.
class load_connection final : public pollable {
public:
    /// `number` counts all connections of the run; `share` is the number of messages to send.
    load_connection(load_loop& loop, std::uint64_t number, slots mine, std::uint64_t share);

    void open();
    void ready(interest found) override;
    /// Sends all messages that are due; replaces a connection that has done its share.
    void proceed();
    /// Checks for timeouts, and retries to connect.
    void check_timeouts();
    /// Records surplus and missing replies, and closes.
    void finish();

    [[nodiscard]] bool is_open() const noexcept { return state_ == state::open; }
    [[nodiscard]] bool is_opening() const noexcept {
        return state_ == state::connecting || state_ == state::establishing ||
               state_ == state::introduced || state_ == state::waiting;
    }
    /// Reports to the loop once there is nothing left to send or to wait for.
    void note_done();
    /// The number of messages that are due and not sent.
    [[nodiscard]] std::uint64_t in_arrears() const noexcept;

private:
    enum class state : std::uint8_t {
        closed,
        connecting,
        establishing,  // connected; the transport cannot be used yet
        introduced,    // `first_frame` is sent, and its reply has not come
        open,
        leaving,  // all is sent that has no replies; the server has not ended its stream
        waiting,  // to connect again
        ended,
    };

    [[nodiscard]] bool bind_source(int descriptor) const noexcept;
    void cannot_connect(int error);
    void cannot_bind(int error);
    void linked();
    void begin_transport();
    void connected();
    void note_first_sent();
    void send_due();
    void renew();
    void leave();
    [[nodiscard]] bool is_up() const noexcept {
        return state_ == state::introduced || state_ == state::open || state_ == state::leaving;
    }
    [[nodiscard]] bool is_one_way() const noexcept { return check_.expects_none(); }
    bool receive();
    bool receive_from_wire(bytes data);
    bool take(bytes stream);
    void server_ended(int error);
    void decode(bytes input);
    template <class Reader>
    step take_all(Reader& reader, bytes& input);
    void assemble(const piece& next);
    void check_payload(bytes payload);
    void settle();
    [[nodiscard]] std::uint64_t may_send() const noexcept;
    [[nodiscard]] std::uint64_t quota_left() const noexcept;
    [[nodiscard]] bool is_used_up() const noexcept;
    [[nodiscard]] bool wants_to_write() const noexcept;
    void note_sent(std::uint64_t count);
    bool write(bytes all, std::uint64_t count);
    bool write_over(bytes all, std::uint64_t count);
    bool write_to_wire();
    bool flush();
    [[nodiscard]] bool has_unsent() const noexcept {
        return !unsent_.empty() || (wire_ && !wire_->output().empty());
    }
    void set_write_interest(bool writable);
    void fail(const wire_error& error);
    void fail_over(wire_error error);
    void refuse(const wire_error& why);
    void fail_silent();
    void close();
    void close_wire();
    void report_fault(std::uint64_t number, std::string words);

    load_loop& loop_;
    std::uint64_t number_;
    std::uint64_t first_;  // number of its first message
    slots slots_;
    std::uint64_t share_;
    reply_check check_;
    std::optional<direction_decoder> decoder_;
    std::string assembly_;  // a reply that comes in pieces
    std::string unsent_;    // the rest of a frame that was sent in part
    owned_descriptor socket_;
    std::unique_ptr<transport> wire_;  // null: plain
    state state_ = state::closed;
    bool has_write_interest_ = false;
    bool is_widened_ = false;  // its receive window
    bool done_ = false;
    bool has_sent_ = false;    // anything on this connection
    bool is_blocked_ = false;  // what was due could not be sent
    std::size_t endpoint_ = 0;
    std::uint64_t sent_before_ = 0;  // over earlier connections
    time_point began_;               // this attempt to connect
    time_point since_;               // when it began what has a timeout
    time_point able_since_;          // when it could first send what is due now
    time_point again_at_;            // when it retries
};

}  // namespace framewire
