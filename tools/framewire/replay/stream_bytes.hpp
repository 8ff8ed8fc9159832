#pragma once

#include "framewire/core/bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

/// The bytes of a stream that are decoded, but belong to no frame that was taken.
class stream_bytes {
public:
    void add(bytes data) {
        // Moved only now and then, or many small frames would move all others each.
        if (taken_ > kept_.size() / 2) {
            kept_.erase(0, taken_);
            taken_ = 0;
        }
        kept_ += data;
    }
    /// Takes what precedes `end`, an offset in the stream. Valid until the next `add`.
    [[nodiscard]] bytes take_until(std::uint64_t end) {
        const auto wanted = std::min<std::uint64_t>(end - std::min(end, begin_), rest().size());
        const auto found = rest().substr(0, static_cast<std::size_t>(wanted));
        taken_ += found.size();
        begin_ += found.size();
        return found;
    }
    [[nodiscard]] bytes rest() const noexcept { return bytes(kept_).substr(taken_); }
    /// Where the rest begins in the stream.
    [[nodiscard]] std::uint64_t offset() const noexcept { return begin_; }

private:
    std::string kept_;
    std::size_t taken_ = 0;  // of it
    std::uint64_t begin_ = 0;
};

}  // namespace framewire
