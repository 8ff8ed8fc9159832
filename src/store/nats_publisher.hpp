#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "nats_connection.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace framewire {

/// What a stream must be, or is made as.
struct nats_stream {
    std::string name;
    std::int64_t replicas = 0;  ///< 0: as many as it has; 1, if it is made
};

/// A stream as it was found.
struct nats_stream_state {
    std::int64_t replicas = 1;
    std::uint64_t last_sequence = 0;
    std::int64_t message_bytes_max = 0;  ///< 0: no limit of its own
    std::chrono::nanoseconds window{0};  ///< so long it knows the ids of messages
};

/// Why a stream cannot be used.
struct nats_refusal {
    std::string words;
    std::string hint{};
    bool is_final = false;  ///< it is as it is: trying again will not help
};
template <class T>
using nats_result = tl::expected<T, nats_refusal>;

/// What became of a message that was published.
struct nats_outcome {
    owned_nats_message message;
    std::uint64_t sequence = 0;  ///< 0: whether it is stored is not known
    bool is_duplicate = false;
    bool is_full = false;  ///< the stream takes no more for now
    std::string words{};   ///< of the failure
};

/// A message of a stream that one of our nodes has published.
struct nats_stored {
    std::string name;  ///< `NODE-OFFSET`
    std::uint64_t sequence = 0;
};

/// Publishes messages to a stream. Messages of one node have a subject of their own,
/// `STREAM.NODE`, and the header `Framewire-Message: NODE-OFFSET`; what may be the same message
/// has the same `Nats-Msg-Id`. Not thread-safe, but for `message` and `take_outcomes`.
class nats_publisher {
public:
    /// `changed` is called on any thread when there is an outcome, or the connection has changed.
    static result<std::unique_ptr<nats_publisher>> open(const std::string& servers,
                                                        nats_stream stream, std::string node,
                                                        std::function<void()> changed);
    nats_publisher(const nats_publisher&) = delete;
    nats_publisher& operator=(const nats_publisher&) = delete;
    ~nats_publisher();

    [[nodiscard]] nats_connection& connection() noexcept { return *connection_; }
    /// After `nats_connection::reopen`, or before the first message.
    nats_result<void> begin();

    /// Makes the stream, if there is none, and finds out whether it may be used: none that
    /// deletes a message to make room for another one.
    nats_result<nats_stream_state> prepare_stream();
    /// Those of our messages that were stored after a sequence.
    nats_result<std::vector<nats_stored>> stored_after(std::uint64_t sequence);

    /// Null without memory. `id` may be empty: then the offset is all that tells it from others.
    [[nodiscard]] owned_nats_message message(std::uint64_t offset, bytes id, bytes payload) const;
    /// On success, there will be an outcome with this message.
    nats_result<void> publish(owned_nats_message message);
    std::vector<nats_outcome> take_outcomes();

    static constexpr const char* header_name = "Framewire-Message";
    /// What headers add to a payload, at most.
    [[nodiscard]] std::size_t header_bytes_max() const noexcept;

private:
    nats_publisher(nats_stream stream, std::string node, std::function<void()> changed)
        : stream_(std::move(stream)),
          node_(std::move(node)),
          subject_(stream_.name + "." + node_),
          changed_(std::move(changed)) {}
    nats_result<void> make_stream();
    nats_result<void> check(const jsStreamConfig& found) const;
    static void on_outcome(jsCtx* of, natsMsg* message, jsPubAck* stored, jsPubAckErr* failed,
                           void* self);

    const nats_stream stream_;
    const std::string node_;
    const std::string subject_;
    const std::function<void()> changed_;
    std::mutex mutex_;
    std::vector<nats_outcome> outcomes_;
    jsCtx* jetstream_ = nullptr;
    std::unique_ptr<nats_connection> connection_;  // its threads use all of this
};

}  // namespace framewire
