#pragma once

#include "io/descriptor.hpp"

#include <mutex>
#include <string>
#include <string_view>

namespace framewire {

/// Lines on their way to the thread that prints, which waits for the descriptor. Nothing bounds
/// them: what makes them does. Thread-safe.
class line_queue {
public:
    line_queue();

    void add(std::string_view lines);
    /// All lines, in order.
    [[nodiscard]] std::string take();
    /// Readable while there are lines; -1 if the system has no descriptor for it.
    [[nodiscard]] int native_handle() const noexcept { return signal_.get(); }

private:
    owned_descriptor signal_;  // an eventfd
    std::mutex mutex_;
    std::string lines_;
};

}  // namespace framewire
