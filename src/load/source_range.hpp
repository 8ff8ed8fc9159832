#pragma once

#include "framewire/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// IPv4 source addresses for connections, used in rotation: a system has only about 28 000 ports
/// for connections from one address to another.
class source_range {
public:
    /// Parses `127.0.0.1`, `127.0.0.2-127.0.0.9` or `127.0.0.0/8`, whose first and last address
    /// are left out.
    static result<source_range> parse(std::string_view text);

    /// The address for connection `number`, in the host's byte order.
    [[nodiscard]] std::uint32_t address(std::uint64_t number) const noexcept {
        return first_ + static_cast<std::uint32_t>(number % size_);
    }
    /// The same, as `127.0.0.1`.
    [[nodiscard]] std::string address_text(std::uint64_t number) const;
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    source_range(std::string_view text, std::uint32_t first, std::uint64_t size)
        : text_(text), first_(first), size_(size) {}

    std::string text_;
    std::uint32_t first_;
    std::uint64_t size_;
};

}  // namespace framewire
