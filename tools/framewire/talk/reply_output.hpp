#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "io/descriptor.hpp"

#include <string>

namespace framewire {

/// Where replies go: standard output, where a line end is added to each, or a file that holds
/// their bytes and nothing else.
class reply_output {
public:
    /// Standard output, with line ends.
    static result<reply_output> lines();
    /// A file, `-` being standard output. Makes it if there is none; what it holds stays until
    /// `clear`.
    static result<reply_output> open(const std::string& path);

    /// Empties the file.
    result<void> clear();
    /// The next bytes of a reply, and whether it ends with them.
    result<void> write(bytes part, bool last);
    /// Fails if what was written turns out to be lost.
    result<void> close();

    [[nodiscard]] bool adds_line_ends() const noexcept { return adds_line_ends_; }
    [[nodiscard]] bool is_terminal() const noexcept { return is_terminal_; }
    /// True if `clear` would empty the file that the descriptor `other` reads.
    [[nodiscard]] bool replaces(int other) const noexcept;

private:
    reply_output(std::string path, owned_descriptor file, bool adds_line_ends) noexcept;
    [[nodiscard]] bool is_file() const noexcept;
    bool write_all(bytes part) const noexcept;
    [[nodiscard]] tl::unexpected<failure> cannot_write() const;

    std::string path_;
    owned_descriptor file_;
    bool adds_line_ends_ = false;
    bool is_terminal_ = false;
};

}  // namespace framewire
