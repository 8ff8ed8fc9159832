#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>

namespace framewire {

/// Writes to a descriptor without waiting for its reader, so that a paused terminal or a full pipe
/// cannot stop a server. Writes at once what the reader accepts. A thread of its own writes the
/// rest, in order; beyond a bound, output is dropped, with a line that says so. Ignores errors: a
/// server continues without a reader. Thread-safe.
class output {
public:
    explicit output(int descriptor) : descriptor_(descriptor) {}
    output(const output&) = delete;
    output& operator=(const output&) = delete;
    /// Waits briefly for the rest to be written, then drops it.
    ~output();

    void write(std::string_view text);

private:
    struct backlog;

    int descriptor_;
    std::mutex mutex_;
    std::shared_ptr<backlog> backlog_;  // made when the reader first lags
};

}  // namespace framewire
