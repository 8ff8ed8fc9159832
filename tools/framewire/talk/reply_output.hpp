#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "io/descriptor.hpp"

#include <string>

namespace framewire {

/// Writes replies: to standard output, with a line end after each, or to a file, with their bytes
/// only. Lines for a terminal are escaped (`terminal_text`).
class reply_output {
public:
    /// Standard output, with line ends.
    static result<reply_output> lines();
    /// A file; `-` is standard output. Creates the file if it does not exist; keeps its content
    /// until `clear`.
    static result<reply_output> open(const std::string& path);

    /// Empties the file.
    result<void> clear();
    /// The next bytes of a reply, and whether it ends with them.
    result<void> write(bytes data, bool last);
    /// Fails if written data is lost after all.
    result<void> close();

    [[nodiscard]] bool adds_line_ends() const noexcept { return adds_line_ends_; }
    [[nodiscard]] bool is_terminal() const noexcept { return is_terminal_; }
    /// True if `clear` would empty the file that the descriptor `other` reads.
    [[nodiscard]] bool replaces(int other) const noexcept;

private:
    reply_output(std::string path, owned_descriptor file, bool adds_line_ends) noexcept;
    [[nodiscard]] bool is_file() const noexcept;
    result<void> put(bytes data);
    std::string for_terminal(bytes data, bool last);

    std::string path_;
    owned_descriptor file_;
    bool adds_line_ends_ = false;
    bool is_terminal_ = false;
    std::string cut_;  // the beginning of a character, for a terminal
};

}  // namespace framewire
