#pragma once

#include "framewire/core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace framewire {

/// The replies of a session that are given later. A slot either keeps its place, so that frames
/// queued after it wait until it is closed, or does not.
class reply_slots {
public:
    /// Opens a slot. Requires: its number is greater than all before it, and not 0.
    void open(std::uint64_t id, bool keeps_place, std::size_t held_bytes, time_point due);
    [[nodiscard]] bool is_open(std::uint64_t id) const noexcept;
    /// The frame of a slot's reply, which may be empty: there is none. Requires: `is_open(id)`.
    /// A frame whose slot does not keep its place, or that waits for nothing, is in `released`
    /// after this.
    void close(std::uint64_t id, std::string frame);

    /// The latest slot that keeps its place, 0 if there is none: frames are queued after it.
    [[nodiscard]] std::uint64_t last() const noexcept {
        return kept_.empty() ? 0 : kept_.back().id;
    }
    /// Frames that wait for slot `id`, or null if they have been released.
    [[nodiscard]] std::string* after(std::uint64_t id) noexcept;
    /// `size` bytes were added to what waits for a slot.
    void grew(std::size_t size) noexcept { size_ += size; }

    /// Frames that wait for nothing, in order, for the session to take.
    std::string released{};

    [[nodiscard]] bool empty() const noexcept {
        return kept_.empty() && loose_.empty() && released.empty();
    }
    /// Slots that are open, or closed and waiting for an earlier one.
    [[nodiscard]] std::size_t count() const noexcept { return kept_.size() + loose_.size(); }
    /// Bytes of frames that wait, and those that the service holds.
    [[nodiscard]] std::size_t size() const noexcept { return size_ + released.size(); }
    /// When the oldest open slot must be closed; `time_point::max()` for never.
    [[nodiscard]] time_point due() const noexcept;

private:
    struct slot {
        std::uint64_t id = 0;
        std::size_t held_bytes = 0;
        time_point due;
        bool is_open = true;
        std::string reply{};
        std::string after{};
    };

    std::size_t size_ = 0;
    std::deque<slot> kept_;   // in the order of their places; the first is open
    std::deque<slot> loose_;  // all open
};

}  // namespace framewire
