#pragma once

#include "io/descriptor.hpp"
#include "store_failure.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// How many messages of a store have been stored, noted beside it in the file `PATH-mark`: a store
/// that has fewer when it is opened again has lost some. The file is also the lock of the store.
///
/// It has two lines of 64 bytes, which are written in turns: `stored`, twenty digits, and a
/// checksum in hexadecimal digits. The greater one of those that are intact counts.
class acked_mark {
public:
    [[nodiscard]] static bool is_there(const std::string& store_path);
    /// Makes the file if there is none. Fails with `store.busy` if another process has it.
    static store_result<acked_mark> take(const std::string& store_path);

    /// True if there was a file, with an intact line.
    [[nodiscard]] bool was_there() const noexcept { return was_there_; }
    [[nodiscard]] std::uint64_t stored() const noexcept { return stored_; }

    /// To be called with what has been committed, and only then. Not durable before `sync`; that
    /// it may be too small costs no more than that a loss goes unnoticed.
    store_result<void> note(std::uint64_t stored);
    store_result<void> sync();
    /// Notes it in both lines, durably: also if it is less than before.
    store_result<void> set(std::uint64_t stored);

private:
    explicit acked_mark(owned_descriptor file) : file_(std::move(file)) {}
    void read();
    store_result<void> write_line(std::uint64_t stored);

    owned_descriptor file_;
    std::uint64_t stored_ = 0;
    bool was_there_ = false;
    unsigned turn_ = 0;
    bool is_synced_ = true;
};

}  // namespace framewire
