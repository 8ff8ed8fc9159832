#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/result.hpp"
#include "io/descriptor.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// A file, pipe or device whose bytes are one message, read while they are sent.
class message_file {
public:
    /// `-` is standard input.
    static result<message_file> open(const std::string& path);

    /// In bytes; `unknown_length` if only reading to the end can tell. A file that grows meanwhile
    /// is read up to this size.
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    /// The length to announce, in the framing's unit; known after `scan`.
    [[nodiscard]] std::uint64_t length() const noexcept { return length_.value_or(size_); }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] int native_handle() const noexcept { return file_.get(); }

    /// Checks that it can be framed; reads all of it once if necessary, to count characters or
    /// find a delimiter. Requires: the size is known.
    result<void> scan(const framing& frames);
    /// Reads all of it. Fails if it is larger than `size_max`.
    result<std::string> read_all(std::uint64_t size_max);
    /// True if `read` would not block.
    [[nodiscard]] bool is_ready() const noexcept;
    /// The next bytes, valid until the next call; none at the end. Fails if the file has become
    /// shorter.
    result<bytes> read();

    /// `'letter.txt' changed while it was sent`
    [[nodiscard]] tl::unexpected<failure> changed(std::string_view how = "changed") const;

private:
    message_file(std::string path, owned_descriptor file) noexcept
        : path_(std::move(path)), file_(std::move(file)) {}
    result<void> count_characters();
    result<void> try_to_frame(const framing& frames);
    result<bytes> read_at(std::uint64_t taken);
    result<bytes> read_some();
    [[nodiscard]] bool readable(int milliseconds) const noexcept;

    std::string path_;
    owned_descriptor file_;
    std::uint64_t size_ = unknown_length;
    std::uint64_t start_ = 0;  // where in the file the message begins
    std::uint64_t taken_ = 0;
    std::optional<std::uint64_t> length_;
    std::string buffer_;
};

}  // namespace framewire
