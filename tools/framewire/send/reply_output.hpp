#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "io/descriptor.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// Where replies are written.
struct output_form {
    /// Nothing: standard output, with a line end after each. `-`: standard output, as they are.
    /// A path with `%d` or `%03d`: one file for each, numbered from 1.
    std::optional<std::string> path{};
    /// Each is a frame again.
    std::optional<framing> frames{};
    /// Lines for a terminal are not escaped.
    bool is_raw = false;
    /// Lines begin with the time.
    bool has_timestamps = false;
    /// Replies are not written: `write_event` writes what happens.
    bool is_json = false;
};

/// Writes replies. Lines for a terminal are escaped (`terminal_text`).
class reply_output {
public:
    /// Creates a file if it does not exist; keeps its content until `clear`.
    static result<reply_output> open(output_form form);

    /// Empties the file.
    result<void> clear();
    /// The next bytes of a reply, and whether it ends with them. Requires: with `frames`, all of
    /// it.
    result<void> write(bytes data, bool last);
    /// A line of `json_line`.
    result<void> write_event(bytes line) { return put(line); }
    /// Ends a line that is begun on a terminal. Fails if written data is lost after all.
    result<void> close();

    [[nodiscard]] bool adds_line_ends() const noexcept { return adds_line_ends_; }
    [[nodiscard]] bool is_terminal() const noexcept { return is_terminal_; }
    /// True if `clear` would empty the file that the descriptor `other` reads.
    [[nodiscard]] bool replaces(int other) const noexcept;

private:
    /// The part before the number, its width, and the part after it.
    struct numbered_path {
        std::string before;
        std::size_t width;
        std::string after;
    };
    static std::optional<numbered_path> numbers_in(const std::string& path);
    static result<reply_output> open_numbered(output_form form, numbered_path paths);

    reply_output(output_form form, std::string path, owned_descriptor file) noexcept;
    [[nodiscard]] bool is_file() const noexcept;
    result<void> write_numbered(bytes data, bool last);
    result<void> write_line(bytes data, bool last);
    result<void> begin_line();
    result<void> put(bytes data);
    std::string for_terminal(bytes data, bool last);

    output_form form_;
    std::string path_;  // empty for standard output
    owned_descriptor file_;
    bool adds_line_ends_ = false;
    bool is_terminal_ = false;
    bool inside_line_ = false;
    std::string cut_;  // the beginning of a character, for a terminal
    std::optional<numbered_path> numbered_;
    std::uint64_t number_ = 0;
};

}  // namespace framewire
