#pragma once

#include "ack_text.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/duration_histogram.hpp"
#include "framewire/core/result.hpp"
#include "framewire/service/deferred_reply.hpp"
#include "store_failure.hpp"
#include "store_file.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// What a store survives, once it has acknowledged.
enum class durability : std::uint8_t {
    process_crash,  ///< the end of the process; not of the machine
    power_fail,     ///< a power cut, if the disk keeps what it says that it has
    replicated,     ///< these, and the loss of a machine
};
[[nodiscard]] std::string_view durability_name(durability of) noexcept;

/// A reply to messages that are stored, which is not given yet.
struct held_reply {
    std::uint64_t offset = 0;  ///< of the latest of them
    deferred_reply reply;
    std::vector<std::string> texts;
    std::optional<errc> refused{};  ///< the connection ends with it after the texts
    std::string words{};

    /// Gives it.
    void give();
};

/// A store whose messages are forwarded and deleted then: what `keep` limits is refused, not
/// deleted.
struct outbox_rules {
    /// Messages that are larger are refused. May change.
    std::shared_ptr<const std::atomic<std::size_t>> payload_bytes_max;
    /// Takes replies that wait for more than the disk; empty: none does.
    std::function<void(held_reply)> hold{};
};

/// How messages are stored and answered.
struct store_settings {
    ack_text ack;
    /// Replied to a message that is not stored; without it, the connection ends with the error.
    std::optional<ack_text> nack{};
    /// The part of a payload that is its id; empty if it has none. If this is empty, none has one.
    std::function<bytes(bytes payload)> id{};
    store_retention keep{};
    /// Opens a store that has lost messages.
    bool accepts_loss = false;
    /// Makes no file.
    bool must_exist = false;
    std::optional<outbox_rules> outbox{};
};

/// Payloads that came together, one after the other, and the reply that is owed for them.
struct store_request {
    std::string payloads;
    std::vector<std::size_t> sizes;
    deferred_reply reply;
};

/// Counts since the store was opened, and how it is.
struct store_statistics {
    durability survives = durability::power_fail;
    std::uint64_t first = 1;  ///< see `store_file::first`
    std::uint64_t next = 1;
    std::uint64_t stored = 0;
    std::uint64_t stored_bytes = 0;
    std::uint64_t repeated = 0;
    std::uint64_t trimmed = 0;
    std::uint64_t waiting = 0;  ///< messages that wait to be stored
    std::uint64_t used_bytes = 0;
    /// Messages that were not stored, by `errc`.
    std::array<std::uint64_t, errc_count + 1> refused{};
    /// From the beginning of a transaction until its messages are on the disk.
    duration_histogram commit_time{};
    /// Copying the log of changes into the database, and deleting what is not kept:
    /// acknowledgements wait meanwhile.
    duration_histogram upkeep_time{};
    /// Why messages are refused now, or nothing.
    std::optional<store_failure> trouble{};
};

class store_writer;

/// A file of messages, and the thread that writes it: what waits when one transaction is on the
/// disk is the next one. Thread-safe.
class store {
public:
    /// Opens or makes the file, and starts the thread.
    static result<std::shared_ptr<store>> open(const std::string& path, store_settings settings);
    store(const store&) = delete;
    store& operator=(const store&) = delete;
    /// Stores what waits, and closes the file.
    ~store();

    /// Stores payloads, and then replies.
    void append(store_request request);
    /// Calls `task` with the file on the thread that writes it, between two transactions, in the
    /// order of the calls. It should take milliseconds. Dropped if the store is closed before.
    void run(std::function<void(store_file&)> task);
    /// Calls `task` as `run` does, once a message with this offset is stored. Of those that wait,
    /// the first is dropped above 4096.
    void when_stored(std::uint64_t offset, std::function<void(store_file&)> task);

    [[nodiscard]] store_statistics statistics() const;

private:
    explicit store(std::unique_ptr<store_writer> writer);
    std::unique_ptr<store_writer> writer_;
};

}  // namespace framewire
