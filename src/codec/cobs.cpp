#include "framewire/codec/cobs.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

void add_block(bytes block, std::string& out) {
    out += static_cast<char>(block.size() + 1);
    out += block;
}

// A block whose size is not known yet.
const std::string& open_block(const open_frame& frame) {
    return *static_cast<const std::string*>(frame.scanner.get());
}

}  // namespace

reading_step cobs_reader::read(bytes input) noexcept {
    using enum reading_step::kind;
    if (left_ > 0) {
        const auto block = input.substr(0, left_);
        const auto size = std::min(block.find('\0'), block.size());
        if (size == 0) return {.what = wrong};
        left_ = static_cast<std::uint8_t>(left_ - size);
        // The end is taken with the last block, so that a payload without zeros comes whole.
        if (left_ == 0 && size < input.size() && input[size] == '\0') {
            inside_ = false;
            return {.what = end, .taken = size + 1, .data = block.substr(0, size)};
        }
        return {.taken = size, .data = block.substr(0, size)};
    }
    const auto code = static_cast<std::uint8_t>(input.front());
    if (code == 0 && !inside_) {
        return {.what = fill, .taken = std::min(input.find_first_not_of('\0'), input.size())};
    }
    if (code == 0) {
        inside_ = false;
        return {.what = end, .taken = 1};
    }
    const bool has_zero = inside_ && zero_follows_;
    inside_ = true;
    left_ = static_cast<std::uint8_t>(code - 1);
    zero_follows_ = left_ < cobs::block_bytes_max;
    return {.taken = 1, .data = bytes(&zero_, has_zero ? 1 : 0)};
}

complaint cobs_reader::complain(bytes /*beginning*/, bytes /*input*/) const {
    return {fmt::format("a zero inside a block, where {} more bytes were announced", left_)};
}

tl::expected<void, errc> cobs::append(open_frame& frame, bytes data, std::string& out) const {
    if (!frame.scanner) frame.scanner = std::make_shared<std::string>();
    auto& block = *static_cast<std::string*>(frame.scanner.get());
    for (auto rest = data; !rest.empty();) {
        // A full block was not written yet, as the end may follow it.
        if (block.size() == block_bytes_max) {
            add_block(block, out);
            block.clear();
        }
        const auto room = rest.substr(0, block_bytes_max - block.size());
        const auto size = std::min(room.find('\0'), room.size());
        block += room.substr(0, size);
        rest.remove_prefix(size);
        if (size == room.size()) continue;
        add_block(block, out);
        block.clear();
        rest.remove_prefix(1);
    }
    return {};
}

tl::expected<void, errc> cobs::finish(const open_frame& frame, std::string& out) const {
    add_block(frame.scanner ? bytes(open_block(frame)) : bytes(), out);
    out += '\0';
    return {};
}

}  // namespace framewire
