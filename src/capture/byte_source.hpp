#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace framewire {

/// Fills the front of a buffer with the next bytes, and returns how many; 0 is the end.
using byte_source = std::function<result<std::size_t>(std::span<char>)>;

/// A file that can be read from its start several times.
class readable_file {
public:
    /// `-` is standard input. What is no regular file is copied to one without a name.
    [[nodiscard]] static result<readable_file> open(const std::string& path);

    readable_file(readable_file&& other) noexcept;
    readable_file(const readable_file&) = delete;
    readable_file& operator=(const readable_file&) = delete;
    readable_file& operator=(readable_file&&) = delete;
    ~readable_file();

    /// Requires: the file outlives the source.
    [[nodiscard]] byte_source source() const;
    /// In bytes.
    [[nodiscard]] std::uint64_t size() const;

private:
    explicit readable_file(int descriptor) noexcept : descriptor_(descriptor) {}

    int descriptor_;
};

/// Requires: the content outlives the source.
[[nodiscard]] byte_source source_of(bytes content);

/// The words of an error of a file: `cannot read NAME: WHY`
[[nodiscard]] tl::unexpected<failure> refuse_file(const std::string& name, std::string_view why,
                                                  std::string hint = {});

}  // namespace framewire
