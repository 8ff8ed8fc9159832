#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "store.hpp"
#include "store_failure.hpp"
#include "store_file.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace framewire {

/// Where the messages of a store are read: in its file, or, as only one process may have that
/// open, from the process that has it. Requests and answers are text:
///
/// | request | answer |
/// | --- | --- |
/// | `range` | `FIRST NEXT USED FREE`: offsets, bytes |
/// | `find MICROSECONDS` | the offset of the first message since that time |
/// | `read OFFSET BYTES` | records (`store_record`) of messages from that offset on, about so many
/// bytes of them, but at least one if there is any | | `wait OFFSET` | nothing, once there is a
/// message with this offset | | `confirmed NAME` | what the consumer NAME has confirmed, or
/// nothing | | `confirm OFFSET NAME` | nothing, once that is on the disk |
///
/// Thread-safe.
class store_source {
public:
    using answered = std::function<void(store_result<std::string>)>;

    virtual ~store_source() = default;

    /// Calls `then` with the answer, on any thread; not at all if the store is closed before.
    virtual void ask(std::string request, answered then) = 0;

    /// Waits for the answer. Requires: not called by `then`.
    store_result<std::string> ask(std::string request);
};

/// The answer to `range`.
struct store_range {
    static store_range parse(std::string_view answer);

    std::uint64_t first = 1;
    std::uint64_t next = 1;
    std::uint64_t used = 0;
    std::uint64_t unused = 0;
};

/// The source of a store that this process has open.
[[nodiscard]] std::shared_ptr<store_source> source_of(std::shared_ptr<store> opened);

/// The source of a store, and the store itself if this process has opened it.
struct opened_source {
    std::shared_ptr<store_source> source;
    std::shared_ptr<store> own{};
};

/// Connects to the process that has the store open; if none answers, opens the file.
[[nodiscard]] result<opened_source> open_source(const std::string& path);

/// Where a process that has a store open answers others: a local socket beside it.
[[nodiscard]] address readers_address(const std::string& store_path);

/// Messages as `read` returns them: for each its offset and time, 8 bytes each, the sizes of its
/// id and its payload, 4 bytes each, all with the greatest byte first; then both.
struct store_record {
    static void write(const stored_message& one, std::string& to);
    /// Removes one from the front. False if there is none.
    static bool take(bytes& from, stored_message& into) noexcept;
};

}  // namespace framewire
