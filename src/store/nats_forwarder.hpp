#pragma once

#include "framewire/core/result.hpp"
#include "held_replies.hpp"
#include "store.hpp"
#include "store_failure.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

class nats_worker;

/// Where messages are forwarded to, and when they are acknowledged.
struct nats_target {
    std::string servers;  ///< `HOST[:PORT][,HOST[:PORT]]...`, each perhaps after `USER:PASSWORD@`
    std::string stream;
    std::int64_t replicas = 0;  ///< see `nats_stream`
    /// Acknowledge what the stream has stored; else, what the outbox has.
    bool waits_for_stream = false;
    /// So long messages stay in the outbox when the stream has them.
    std::chrono::milliseconds linger{0};

    /// The servers without what only they may know.
    [[nodiscard]] std::string shown() const { return shown(servers); }
    static std::string shown(std::string_view servers);
};

/// Counts since the start, and how it is.
struct nats_statistics {
    bool is_connected = false;
    std::uint64_t connections = 0;                    ///< that were made
    std::int64_t replicas = 0;                        ///< of the stream; 0 before it is known
    durability survives = durability::process_crash;  ///< as far as it is known
    std::uint64_t backlog = 0;  ///< messages that are not known to be in the stream
    std::uint64_t forwarded = 0;
    std::uint64_t repeated = 0;  ///< of them, those that the stream had already
    std::uint64_t failed = 0;    ///< attempts without success
    std::uint64_t full = 0;      ///< of them, as the stream was full
    std::uint64_t waiting_replies = 0;
    /// Why nothing is forwarded now, or nothing.
    std::optional<store_failure> trouble{};
};

/// Forwards the messages of a store to a stream of NATS JetStream, in order, and deletes those
/// that the stream has stored. Whatever fails is tried again forever: the store is the outbox.
class nats_forwarder {
public:
    /// Called with what a person should know, on a thread of its own.
    using log = std::function<void(const std::string& words, bool is_trouble)>;

    /// To be made first, as its rules are the store's.
    explicit nats_forwarder(nats_target target);
    nats_forwarder(const nats_forwarder&) = delete;
    nats_forwarder& operator=(const nats_forwarder&) = delete;
    /// Waits a second for answers that are due. Replies that are held are lost, with their
    /// connections.
    ~nats_forwarder();

    [[nodiscard]] outbox_rules rules() const;
    /// Fails if libnats is not there, or the stream deletes messages or cannot be used otherwise,
    /// or has lost what it had, unless `accepts_loss`. Succeeds if no server answers.
    result<void> start(std::shared_ptr<store> outbox, bool accepts_loss, log notices);
    [[nodiscard]] nats_statistics statistics() const;

private:
    [[nodiscard]] durability survives(std::int64_t replicas) const;

    nats_target target_;
    durability outbox_survives_ = durability::process_crash;
    std::shared_ptr<std::atomic<std::size_t>> payload_bytes_max_;
    std::shared_ptr<held_replies> held_;
    std::unique_ptr<nats_worker> worker_;
};

}  // namespace framewire
