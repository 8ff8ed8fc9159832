#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/service/detail/shared_message.hpp"
#include "framewire/service/peer.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace framewire {

class outbox;

/// What happens to a message that is pushed to a peer for whom too much is waiting already.
enum class overflow : std::uint8_t {
    close,        ///< the connection ends with `limit.pushed`
    drop_oldest,  ///< what has waited longest is dropped
    drop_newest,  ///< this message is dropped
};

/// Runs functions on the thread of an event loop.
class executor {
public:
    virtual ~executor() = default;
    /// Thread-safe. Once the loop has ended, the task is dropped.
    virtual void post(std::function<void()> task) = 0;
    /// A task of some link could not be posted, see `peer_link::has_lost`. Thread-safe.
    virtual void notify_lost() noexcept = 0;
};

/// What a connection does for those who hold a handle to it. Called on the thread of its loop.
class link_target {
public:
    virtual ~link_target() = default;
    /// The replies that belong in this slot.
    virtual void answer(std::uint64_t slot, std::span<const bytes> payloads) = 0;
    /// There will be no reply in this slot; the connection continues.
    virtual void skip(std::uint64_t slot) = 0;
    /// Ends the connection with this error; slots that are open are dropped.
    virtual void give_up(errc why, bytes words) = 0;
    /// Messages wait: see `peer_link::take`.
    virtual void pull() = 0;
    /// Calls the task with the outbox, as if it were the service.
    virtual void call(const std::function<void(outbox&)>& task) = 0;
    /// Ends the connection after everything owed has been sent.
    virtual void finish() = 0;
};

class room_members;

/// Where handles and their connection meet. Handles own it together with the connection, and
/// outlive the connection. Functions are thread-safe unless they say otherwise.
class peer_link : public std::enable_shared_from_this<peer_link> {
public:
    peer_link(std::shared_ptr<executor> loop, link_target& target, peer who,
              std::size_t waiting_bytes_max);

    [[nodiscard]] const peer& who() const noexcept { return who_; }
    [[nodiscard]] const std::shared_ptr<executor>& loop() const noexcept { return loop_; }
    [[nodiscard]] bool connected() const noexcept { return connected_; }
    /// How many messages were dropped, for overflow or because they cannot be framed.
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

    /// Runs the task on the loop's thread, unless the connection has ended by then. Where memory
    /// is short, the connection ends instead.
    void post(std::function<void(link_target&)> task) noexcept;
    /// Ends the connection, as there is no memory for what should be posted to it.
    void lose() noexcept;
    [[nodiscard]] bool has_lost() const noexcept { return has_lost_; }
    /// Queues a message and lets the connection pull it. False if it was dropped, or the
    /// connection has ended.
    bool push(std::shared_ptr<shared_message> message, overflow policy);

    // On the loop's thread only.

    /// The same as `push`, without a detour through the loop.
    void push_here(const std::shared_ptr<shared_message>& message, overflow policy);
    /// What the messages that wait take, in bytes.
    [[nodiscard]] std::size_t waiting_bytes();
    /// The next message that waits, or null.
    [[nodiscard]] std::shared_ptr<shared_message> take();
    /// Drops what is pushed from now on; what waits may still be taken.
    void refuse_pushes() noexcept;
    void count_dropped() noexcept { ++dropped_; }
    void joined(const std::shared_ptr<room_members>& members);
    void left(const room_members& members) noexcept;
    /// The connection has ended: handles do nothing from now on.
    void cut() noexcept;

private:
    enum class outcome : std::uint8_t { dropped, queued, to_be_pulled, overflowed };
    outcome enqueue(std::shared_ptr<shared_message> message, overflow policy);
    std::shared_ptr<shared_message> pop();

    const std::shared_ptr<executor> loop_;
    const peer who_;
    const std::size_t waiting_bytes_max_;
    std::atomic<bool> connected_{true};
    std::atomic<std::uint64_t> dropped_{0};
    std::atomic<bool> has_lost_{false};

    std::mutex mutex_;
    std::vector<std::shared_ptr<shared_message>> waiting_;  // from `first_` on
    std::size_t first_ = 0;
    std::size_t waiting_bytes_ = 0;
    bool is_overflowed_ = false;  // the connection is about to end
    bool refuses_ = false;        // it is closing

    link_target* target_;  // null once cut
    std::vector<std::weak_ptr<room_members>> rooms_;
};

}  // namespace framewire
