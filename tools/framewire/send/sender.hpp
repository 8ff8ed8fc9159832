#pragma once

#include "cli/progress.hpp"
#include "cli/protocols.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/service/service.hpp"
#include "io/poller.hpp"
#include "messages.hpp"
#include "net/event_loop.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace framewire {

/// Sends messages one after the other, files in pieces.
class sender final : private pollable {
public:
    enum class outlook : std::uint8_t {
        some,     ///< there is a message to send, or to continue with
        unknown,  ///< until `when_ready`
        none,
    };
    enum class step : std::uint8_t {
        sent,   ///< one message is queued whole
        waits,  ///< for room in the outbox (`service::writable`), or for input (`when_ready`)
    };

    /// Calls `when_ready`, on the loop's thread, once input that is waited for is there.
    /// Requires: all of them outlive this.
    sender(event_loop& loop, const framing& frames, const client_wording& wording,
           message_source next, progress& shown, std::function<void()> when_ready);
    ~sender() override { stop(); }
    sender(const sender&) = delete;
    sender& operator=(const sender&) = delete;

    /// Whether there is more to send.
    [[nodiscard]] outlook look_ahead();
    /// Begins the next message or continues with it. Fails, with nothing more to be sent, if it
    /// cannot be read or framed. Requires: there is `some`.
    result<step> advance(outbox& to);
    /// True while a message is sent in part.
    [[nodiscard]] bool is_inside_message() const noexcept { return inside_; }
    /// The payloads of all messages that are queued whole.
    [[nodiscard]] std::uint64_t sent_bytes() const noexcept { return sent_bytes_; }
    /// Waits for no input any more.
    void stop() noexcept;

private:
    [[nodiscard]] const framing& frames_of_next() const noexcept;
    result<void> begin(outbox& to);
    result<step> send_file(message_file& file, outbox& to);
    void wait_for(int descriptor);
    void ready(interest found) override;
    [[nodiscard]] tl::unexpected<failure> refusal(errc why, std::uint64_t size) const;

    event_loop& loop_;
    const framing& frames_;
    const client_wording& wording_;
    message_source next_;
    progress& progress_;
    std::function<void()> when_ready_;

    std::optional<result<message>> ahead_;  // the next message, or why there is none
    message message_;
    bool has_begun_ = false;
    bool inside_ = false;
    std::uint64_t size_ = unknown_length;  // of the message
    std::uint64_t sent_of_file_ = 0;
    std::uint64_t sent_bytes_ = 0;
    int waited_for_ = -1;
};

}  // namespace framewire
