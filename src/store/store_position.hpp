#pragma once

#include "framewire/core/result.hpp"
#include "store_file.hpp"
#include "store_source.hpp"

#include <cstdint>
#include <functional>
#include <string_view>
#include <variant>

namespace framewire {

/// Where in a store to begin: `first`, `next` (what is stored from now on), an offset, a time such
/// as `2026-11-29T08:30:00Z` or `2026-11-29`, in UTC, or how long ago, such as `90m`.
class store_position {
public:
    enum class end : std::uint8_t { first, next };

    store_position() = default;
    explicit store_position(std::uint64_t offset) : where_(offset) {}
    static result<store_position> parse(std::string_view text);

    /// Calls `then` with the offset, on any thread.
    void find(store_source& in, std::function<void(store_result<std::uint64_t>)> then) const;
    /// The same, and waits for it.
    store_result<std::uint64_t> find(store_source& in) const;

private:
    std::variant<end, std::uint64_t, store_time> where_ = end::first;
};

/// A time as above; nothing if it is none.
[[nodiscard]] std::optional<store_time> parse_store_time(std::string_view text);

}  // namespace framewire
