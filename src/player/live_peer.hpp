#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/error.hpp"
#include "framewire/core/result.hpp"
#include "framewire/core/time.hpp"
#include "framewire/core/units.hpp"
#include "framewire/io/address.hpp"
#include "framewire/session/session.hpp"
#include "framewire/transcript/player.hpp"
#include "io/descriptor.hpp"
#include "transport/transport.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// How a live peer behaves.
struct live_settings {
    /// None: without TLS.
    transport_factory make_transport{};
    /// If not 0, what is sent until the stream can begin is sent in pieces of so many bytes, a
    /// millisecond apart.
    std::size_t handshake_piece = 0;
    /// To connect, and for each thing that is waited for.
    std::chrono::milliseconds timeout{2'000};
    /// A larger payload from the other end is an error: `frame.too_large`.
    std::uint64_t payload_bytes_max = 16 * MiB;
    /// The clock of a transcript runs so much faster; zero passes no time at all.
    double speed = 1;
    /// Called with all bytes of the stream as they arrive; may be empty.
    std::function<void(bytes data)> received{};
    /// Called with the bytes of each piece of the stream that is sent; may be empty.
    std::function<void(bytes data)> sent{};
};

/// How a stream is ended.
enum class stream_end : std::uint8_t {
    whole,      ///< that of the transport, if there is one, and the socket's
    transport,  ///< only the former: `close_notify`
    socket,     ///< only the latter, as if the transport was cut off
};

/// What a live peer has received, in order.
struct arrival {
    enum class kind : std::uint8_t {
        frame,
        skipped,   ///< a frame above its framing's `max`
        finished,  ///< the other end has ended its stream between two frames
        failed,    ///< `error`: not decodable, truncated, or the connection was reset
    };
    kind what = kind::finished;
    std::string payload{};
    /// The offset of the frame's first byte in what was received; of the stream's end.
    std::uint64_t offset = 0;
    /// The offset after the last byte decoded for it.
    std::uint64_t end = 0;
    wire_error error{};

    bool operator==(const arrival& other) const {
        return what == other.what && payload == other.payload && offset == other.offset &&
               error.code == other.error.code;
    }
};

/// One end of a live conversation, driven by a script: sends exactly the bytes it is given, with
/// the given cuts, and decodes what arrives with a `session`. Blocks, in the caller's thread, and
/// for nothing longer than the timeout. Plays transcripts, as the peer: sends their `<` lines, and
/// reports what arrives as output.
class live_peer final : public play_target {
public:
    /// `sent` is the framing of what we send, and its `replies()` that of what arrives. Returns
    /// once the stream can begin, so after the handshake of TLS.
    static result<live_peer> connect(const address& where, const framing& sent,
                                     live_settings settings = {});
    /// The same with a connection that was made already, by either end; does not block.
    static result<live_peer> over(owned_descriptor socket, const framing& sent,
                                  live_settings settings = {});
    live_peer(live_peer&&) noexcept = default;
    live_peer& operator=(live_peer&&) noexcept = default;
    /// Closes the connection at once.
    ~live_peer() override = default;

    /// Sends all of it, and reads meanwhile. Fails once the connection is reset, or with
    /// `io.timeout_write` if the other end takes nothing for the timeout.
    wire_result<void> send(bytes data);
    /// The same with a pause before each of these bytes of `data`, in increasing order, so that
    /// the other end reads the pieces one by one.
    wire_result<void> send(bytes data, const std::vector<std::size_t>& cuts,
                           std::chrono::milliseconds pause);
    /// Reads nothing, and sends until the other end has taken nothing for `pause`, or all of it.
    /// Returns how many bytes it took.
    wire_result<std::size_t> send_unread(bytes data, std::chrono::milliseconds pause);
    /// Ends our stream; what the other end sends is still received.
    wire_result<void> end_stream(stream_end how = stream_end::whole);
    /// Sends bytes past the transport, which the other end cannot take for its own.
    wire_result<void> send_past_transport(bytes data);
    /// Resets the connection: the other end finds out when it next reads or writes.
    void reset() noexcept;

    /// What follows the last arrival that `next` has returned is of these framings, which are
    /// given as to `connect`.
    void use(const framing& sent);

    /// The next arrival; nothing if none comes within the timeout, or after the last.
    std::optional<arrival> next();
    std::optional<arrival> next(std::chrono::milliseconds within);
    /// Lets the time pass, and reads meanwhile.
    void pass(std::chrono::milliseconds time);
    /// True if the other end ends its stream or resets the connection within the timeout.
    bool ends();

    [[nodiscard]] std::uint64_t bytes_sent() const noexcept { return bytes_sent_; }
    [[nodiscard]] std::uint64_t bytes_received() const noexcept { return bytes_received_; }
    /// True if a frame has begun to arrive and is not complete.
    [[nodiscard]] bool is_inside_frame() const noexcept { return session_->inside_frame(); }
    /// True once the other end has ended its stream, or the connection is reset.
    [[nodiscard]] bool has_ended() const noexcept { return ended_ != ending::none; }
    [[nodiscard]] bool was_reset() const noexcept { return ended_ == ending::reset; }

    /// Of an expectation of output, waits for the next bytes. Events are those of the other end,
    /// which nobody sees: play with `compares_events` off and `compares_output` on. A gap cannot
    /// be played.
    [[nodiscard]] result<void> perform(const action& todo, player& watching) override;

private:
    enum class ending : std::uint8_t { none, finished, reset };

    live_peer(owned_descriptor socket, const framing& sent, live_settings settings);
    result<void> establish();
    wire_result<void> send_chunk(bytes data);
    wire_result<void> send_given();
    wire_result<void> give(bytes data);
    template <class Condition>
    bool exchange_until(time_point until, Condition holds, bool reads = true);
    [[nodiscard]] bool has_unsent() const noexcept;
    void write();
    void read();
    void take_from_wire(bytes data);
    void take(bytes data);
    [[nodiscard]] bool has_arrived();
    void decode();
    bool feed();
    void end(ending how, wire_error error);
    [[nodiscard]] wire_error cannot_send() const;

    live_settings settings_;
    owned_descriptor socket_;
    std::unique_ptr<transport> wire_;  // null: plain
    std::unique_ptr<session> session_;
    std::list<arrival> arrivals_;  // can be moved without memory
    std::vector<char> undecoded_;  // as it has arrived
    std::vector<char> decoded_;    // what the session has, and may still refer to
    bool end_is_known_ = false;    // by the session
    bytes unsent_;                 // while something is sent
    std::uint64_t bytes_sent_ = 0;
    std::uint64_t bytes_received_ = 0;
    ending ended_ = ending::none;
    wire_error why_ended_{};
    bool refuses_ = false;  // the other end takes no more
    player* watching_ = nullptr;
};

}  // namespace framewire
