#pragma once

#include "nats_publisher.hpp"
#include "store.hpp"
#include "store_failure.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace framewire {

/// A message on its way from the outbox to the stream.
struct outgoing {
    std::uint64_t offset = 0;
    std::size_t size = 0;
    owned_nats_message message;
};

/// What an outbox remembers besides its messages.
struct outbox_memory {
    std::string node;  ///< tells its messages from those of others: 16 hexadecimal digits
    std::uint64_t sequence = 0;  ///< of the stream, up to which its messages are deleted here
    std::uint64_t first = 1;     ///< see `store_file`
};

/// Reads and deletes messages of a store, on the thread of the store: nothing here waits. One
/// reader of a store at a time.
class outbox_reader {
public:
    /// `changed` is called on the store's thread when there is something to take.
    outbox_reader(std::shared_ptr<store> outbox, std::function<void()> changed);

    /// Waits. Names the node if it has no name, or, as offsets may be used again, after a loss.
    static store_result<outbox_memory> remember(store& outbox, bool after_loss);

    /// Reads messages from an offset on, as soon as there are any, unless a read is on its way.
    void read(std::uint64_t from, const std::shared_ptr<nats_publisher>& publisher);
    /// What has been read; nothing if there is nothing yet.
    std::deque<outgoing> take();
    /// What is being read is not wanted any more.
    void forget();

    /// Deletes messages up to and with `offset`, as the stream has them up to `sequence`, unless
    /// that is on its way.
    void drop(std::uint64_t offset, std::uint64_t sequence);
    [[nodiscard]] bool is_dropping() const;

    /// Why it could not be read or deleted, since the last call.
    std::optional<store_failure> take_failure();

private:
    struct shared;
    std::shared_ptr<store> outbox_;
    std::shared_ptr<shared> shared_;
};

}  // namespace framewire
