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

    /// Bytes, and what `look_through` made of them to announce. This much will be read: a file
    /// that grows meanwhile is cut off there. `unknown_length` where only the end will tell.
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] std::uint64_t length() const noexcept { return length_.value_or(size_); }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] int native_handle() const noexcept { return file_.get(); }

    /// Reads all of it once where only that tells whether it can be framed: counts characters, or
    /// looks for what ends a frame. Requires: the size is known.
    result<void> look_through(const framing& frames);
    /// All of it. Fails if it is larger than `size_max`.
    result<std::string> read_all(std::uint64_t size_max);
    /// True while `read` would not wait.
    [[nodiscard]] bool is_ready() const noexcept;
    /// The next bytes, valid until the next call; none at the end. Fails if the file has become
    /// shorter than it was.
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
