#pragma once

#include "held_replies.hpp"
#include "nats_forwarder.hpp"
#include "nats_publisher.hpp"
#include "outbox_reader.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>

namespace framewire {

/// The thread of a forwarder. It *prepares* whenever it has a new connection or something has
/// failed: it looks at the stream, reads which messages after the latest deleted one are in it,
/// and begins anew with those that are not. So it does not matter what became of messages whose
/// answer was lost, however long that took; `Nats-Msg-Id` covers what is still on its way.
class nats_worker {
public:
    /// What a worker has in common with its forwarder.
    struct shared {
        nats_target target;
        std::shared_ptr<std::atomic<std::size_t>> payload_bytes_max;
        std::shared_ptr<held_replies> held;
        nats_forwarder::log notices;
        bool accepts_loss = false;
    };

    /// Fails as `nats_forwarder::start` does.
    static result<std::unique_ptr<nats_worker>> start(shared with, std::shared_ptr<store> outbox);
    nats_worker(const nats_worker&) = delete;
    nats_worker& operator=(const nats_worker&) = delete;
    ~nats_worker();

    [[nodiscard]] nats_statistics statistics() const;

private:
    using clock = std::chrono::steady_clock;
    /// Wakes the thread, from any other one.
    struct bell {
        std::mutex mutex;
        std::condition_variable rung;
        bool has_rung = false;
        bool stops = false;

        void ring();
    };

    struct place {
        std::uint64_t offset = 0;
        std::size_t size = 0;
        std::uint64_t round = 0;
    };
    /// Messages that were published or confirmed from and until these times.
    struct kept {
        clock::time_point since{};
        clock::time_point at{};
        std::uint64_t offset = 0;    // of the latest of them
        std::uint64_t sequence = 0;  // the greatest one of them all
    };

    nats_worker(shared with, std::shared_ptr<store> outbox, outbox_memory memory);

    void work();
    bool wait();
    void take_outcomes();
    void take_outcome(nats_outcome one);
    void take_success(const place& sent, const nats_outcome& one, bool is_stale);
    void advance();
    void keep(clock::time_point now);
    void forward();
    void publish(outgoing one);
    void drop_what_is_stored();
    void finish();

    nats_result<void> prepare();
    [[nodiscard]] bool covers_window() const;
    void check_later();
    nats_result<void> look_at_stream();
    nats_result<void> look_for_stored();
    void go_back();
    void try_to_prepare();
    void note_failed(const store_failure& why);
    void note_ready();
    void note_connection();

    const shared with_;
    const std::shared_ptr<store> outbox_;
    const outbox_memory memory_;
    const std::shared_ptr<bell> bell_ = std::make_shared<bell>();
    outbox_reader reader_;
    std::shared_ptr<nats_publisher> publisher_;

    std::deque<outgoing> next_;  // read, and not published
    std::unordered_map<const natsMsg*, place> outstanding_;
    std::uint64_t round_ = 0;     // so often we have begun anew; of this one:
    std::size_t sent_count_ = 0;  // messages that wait for an answer
    std::size_t sent_bytes_ = 0;
    std::map<std::uint64_t, std::uint64_t> stored_;  // sequence by offset, above `confirmed_`
    std::uint64_t confirmed_ = 0;      // all messages up to this offset are in the stream
    std::deque<kept> kept_;            // and are not deleted
    kept dropped_;                     // the latest that are, or are being deleted
    std::uint64_t read_ = 0;           // the latest one that was read
    std::uint64_t sequence_ = 0;       // the greatest one of them
    std::uint64_t last_sequence_ = 0;  // of the stream, when we looked at it
    bool has_gone_back_ = false;
    std::deque<kept> first_sent_;         // since when, of those that are not confirmed
    std::uint64_t sent_until_ = 0;        // the latest one that was ever published
    std::chrono::nanoseconds window_{0};  // of the stream, for ids
    bool has_prepared_ = false;
    bool is_checked_ = false;       // the stream, with this connection
    std::uint64_t connection_ = 0;  // for which we have prepared, see `times_made`
    std::uint64_t tried_ = 0;       // the latest one that we have noticed
    bool is_ready_ = false;
    bool is_idle_ = false;         // nothing has happened
    std::optional<errc> noticed_;  // why nothing is forwarded, as a person knows
    std::chrono::milliseconds pause_{0};
    clock::time_point retry_at_{};
    clock::time_point dropped_at_{};

    mutable std::mutex mutex_;
    nats_statistics shown_;
    std::thread thread_;
};

}  // namespace framewire
