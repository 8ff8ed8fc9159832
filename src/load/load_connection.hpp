#pragma once

#include "framewire/codec/framing.hpp"
#include "io/poller.hpp"
#include "io/sockets.hpp"
#include "reply_check.hpp"
#include "schedule.hpp"

#include <cstddef>
#include <cstdint>
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
    /// Sends all messages that are due.
    void send_due();
    /// Checks for timeouts, and retries to connect.
    void check_timeouts();
    /// Records surplus and missing replies, and closes.
    void finish();

    [[nodiscard]] bool is_open() const noexcept { return state_ == state::open; }
    [[nodiscard]] bool is_opening() const noexcept {
        return state_ == state::connecting || state_ == state::waiting;
    }
    /// Reports to the loop once there is nothing left to send or to wait for.
    void note_done();
    /// The number of messages that are due and not sent.
    [[nodiscard]] std::uint64_t in_arrears() const noexcept;

private:
    enum class state : std::uint8_t { closed, connecting, open, waiting, ended };

    [[nodiscard]] bool bind_source(int descriptor) const noexcept;
    void cannot_connect(int error);
    void connected();
    bool receive();
    void decode(bytes input);
    template <class Reader>
    step take_all(Reader& reader, bytes& input);
    void assemble(const piece& next);
    void check_payload(bytes payload);
    void settle();
    [[nodiscard]] std::uint64_t may_send() const noexcept;
    bool write(bytes all, std::uint64_t count);
    bool flush();
    void set_write_interest(bool writable);
    void fail(const wire_error& error);
    void close();
    void report_fault(std::uint64_t number, std::string words);

    load_loop& loop_;
    std::uint64_t number_;
    slots slots_;
    std::uint64_t share_;
    reply_check check_;
    std::optional<decoder> decoder_;
    std::string assembly_;  // a reply that comes in pieces
    std::string unsent_;    // the rest of a frame that was sent in part
    owned_descriptor socket_;
    state state_ = state::closed;
    bool has_write_interest_ = false;
    bool is_widened_ = false;  // its receive window
    bool done_ = false;
    std::size_t endpoint_ = 0;
    time_point since_;     // when it began to connect
    time_point again_at_;  // when it retries
};

}  // namespace framewire
