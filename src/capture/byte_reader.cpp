#include "byte_reader.hpp"

#include <algorithm>

namespace framewire {
namespace {

constexpr std::size_t buffer_bytes = 256 * std::size_t{1024};

}  // namespace

result<bytes> byte_reader::peek(std::size_t size) {
    while (end_ - begin_ < size) {
        if (begin_ + size > buffer_.size()) {
            std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
                      buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
            end_ -= begin_;
            begin_ = 0;
            buffer_.resize(std::max({buffer_.size(), size, buffer_bytes}));
        }
        const auto filled = fill();
        if (!filled) return tl::unexpected(filled.error());
        if (!*filled) break;
    }
    return bytes(buffer_.data() + begin_, std::min(size, end_ - begin_));
}

result<std::uint64_t> byte_reader::skip(std::uint64_t size) {
    std::uint64_t skipped = 0;
    while (skipped < size) {
        if (begin_ == end_) {
            begin_ = end_ = 0;
            if (buffer_.empty()) buffer_.resize(buffer_bytes);
            const auto filled = fill();
            if (!filled) return tl::unexpected(filled.error());
            if (!*filled) break;
        }
        const auto some = std::min<std::uint64_t>(size - skipped, end_ - begin_);
        begin_ += static_cast<std::size_t>(some);
        skipped += some;
    }
    offset_ += skipped;
    return skipped;
}

result<bool> byte_reader::fill() {
    const auto size = source_(std::span(buffer_).subspan(end_));
    if (!size) return tl::unexpected(size.error());
    end_ += *size;
    return *size > 0;
}

}  // namespace framewire
