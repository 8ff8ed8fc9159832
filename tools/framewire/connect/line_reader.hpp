#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

// Of libedit, whose header only the source includes.
struct editline;
struct history;

namespace framewire {

class history_file;

/// What ended a wait.
enum class wait_end : std::uint8_t {
    line,
    end,          ///< end of input: Ctrl-D, or the pipe's end
    interrupted,  ///< Ctrl-C
    peer,         ///< a descriptor of the peer is readable, or at its end
};

/// Reads lines from standard input: with editing and history if a person types, plainly if a
/// program writes.
class line_reader {
public:
    /// Called when a descriptor of the peer is readable. The line that is being typed stays; what
    /// there is to show is for `print_above`. False ends the read.
    using peer_function = std::function<bool()>;

    /// A descriptor of -1 is none. Requires: `kept`, if any, outlives this.
    line_reader(std::array<int, 2> peer_descriptors, history_file* kept, peer_function on_peer);
    line_reader(const line_reader&) = delete;
    line_reader& operator=(const line_reader&) = delete;
    ~line_reader();

    /// Shows the prompt and waits. The line excludes its newline; the last one of a pipe may have
    /// none. Throws what `on_peer` throws.
    wait_end read(const std::string& prompt, std::string& line);

    /// Tab completes a path in lines that begin with this. Elsewhere it is a character.
    void complete_paths_after(std::string beginning) { path_beginning_ = std::move(beginning); }

    /// True if a person types.
    [[nodiscard]] bool edits() const noexcept { return editor_ != nullptr; }
    /// True if Ctrl-C ended the read of a line that had text.
    [[nodiscard]] bool had_text() const noexcept { return had_text_; }
    /// True if the input of a program has ended and all of its lines were read. Does not wait.
    [[nodiscard]] bool at_end();

    /// Prints whole lines, above the prompt and the line that is being typed, if there is one.
    void print_above(std::string_view lines);
    /// Removes the prompt, and the line whose read has ended, from the screen.
    void erase();

    /// Waits only for the peer. Returns `peer`, `interrupted`, or `end` after `timeout` (zero:
    /// never).
    wait_end wait_for_peer(std::chrono::milliseconds timeout) const;

private:
    wait_end read_edited(std::string& line);
    wait_end read_plain(std::string& line);
    void remember(const std::string& line);
    void read_more();
    wait_end wait();
    void redraw();
    [[nodiscard]] std::string erasure() const;
    [[nodiscard]] bool types_path() const;
    void complete_path();
    int next_character(wchar_t* character);
    static int next_character_of(editline* editor, wchar_t* character);
    static const char* prompt_of(editline* editor);

    std::array<int, 2> peer_descriptors_;
    history_file* kept_;
    peer_function on_peer_;
    std::string prompt_;
    std::string path_beginning_;
    wait_end reason_ = wait_end::line;  // why the editor's input ended
    std::exception_ptr thrown_;         // must not pass through the editor, which is C
    bool is_edited_ = false;            // a line, now
    bool had_text_ = false;
    std::string erasure_;  // of the line whose read has ended
    bool input_ended_ = false;
    std::string buffer_;        // read from a pipe, not a complete line yet
    std::size_t searched_ = 0;  // for its end
    std::unique_ptr<struct history, void (*)(struct history*)> history_;
    std::unique_ptr<editline, void (*)(editline*)> editor_;
};

}  // namespace framewire
