#pragma once

#include "byte_source.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace framewire {

/// Reads a source in order, and holds only what is looked at.
class byte_reader {
public:
    explicit byte_reader(byte_source source) : source_(std::move(source)) {}

    /// The next bytes, without passing them: `size` of them, or fewer at the end. Valid until the
    /// next call.
    result<bytes> peek(std::size_t size);
    /// Passes bytes. Returns how many there were.
    result<std::uint64_t> skip(std::uint64_t size);
    /// How many were passed.
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

private:
    /// False at the end.
    result<bool> fill();

    byte_source source_;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t offset_ = 0;
};

}  // namespace framewire
