#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/error.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace framewire {

class peer_link;

/// The place of a deferred reply among the others.
enum class order : std::uint8_t {
    as_received,   ///< in its place: later replies wait for it
    as_completed,  ///< as soon as it is ready, for protocols whose messages carry ids
};

/// A reply that is owed. Outlives the call in which `outbox::defer` made it; may be moved to
/// another thread and be answered there. Does nothing once the peer has gone. Destroyed without an
/// answer, it ends the connection with `service.unanswered`, because a reply would be missing.
class deferred_reply {
public:
    /// Owes nothing.
    deferred_reply() = default;
    deferred_reply(std::shared_ptr<peer_link> link, std::uint64_t slot) noexcept;
    deferred_reply(deferred_reply&&) noexcept = default;
    deferred_reply& operator=(deferred_reply&& other) noexcept;
    ~deferred_reply();

    /// Sends the reply. If it cannot be framed, the connection ends with that error; if there is
    /// no memory for it, with `limit.memory`.
    void reply(bytes payload);
    /// The same with several replies, for messages that were deferred together (`defers_runs`).
    void reply_all(std::span<const bytes> payloads);
    /// Ends the connection with `service.failed`, or with `why`, and these words; of messages that
    /// were deferred together, after the replies to the first of them.
    void fail(std::string words);
    void fail(errc why, std::string words, std::span<const bytes> before = {});
    /// The message gets no reply; the connection continues.
    void skip();

    /// True until one of the functions above has been called.
    [[nodiscard]] bool owed() const noexcept { return link_ != nullptr; }
    /// False once the peer has gone: an answer would reach nobody.
    [[nodiscard]] bool wanted() const noexcept;

private:
    void abandon() noexcept;

    std::shared_ptr<peer_link> link_;
    std::uint64_t slot_ = 0;
};

}  // namespace framewire
