#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>

namespace framewire {

/// Writes to a descriptor without ever waiting for whoever reads it, so that a paused terminal or
/// a full pipe cannot stop a server. What the reader can take is written at once. The rest waits,
/// in order, for a thread of its own; beyond a bound it is left out, and a line says so. Errors
/// are ignored: a server goes on without a reader. Thread-safe.
class output {
public:
    explicit output(int descriptor) : descriptor_(descriptor) {}
    output(const output&) = delete;
    output& operator=(const output&) = delete;
    /// Gives what waits a moment to be taken, then leaves it.
    ~output();

    void write(std::string_view text);

private:
    struct backlog;

    int descriptor_;
    std::mutex mutex_;
    std::shared_ptr<backlog> backlog_;  // made when a reader was first too slow
};

}  // namespace framewire
