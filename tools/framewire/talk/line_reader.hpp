#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

// Of libedit, whose header only the source includes.
struct editline;
struct history;

namespace framewire {

/// What ended a wait.
enum class wait_end : std::uint8_t {
    line,
    end,          ///< end of input: Ctrl-D, or the pipe's end
    interrupted,  ///< Ctrl-C
    peer,         ///< the peer's descriptor is readable, or at its end
};

/// Reads lines from standard input: with editing and history if a person types, plainly if a
/// program writes. In both cases, returns at once when the peer sends something.
class line_reader {
public:
    explicit line_reader(int peer_descriptor);
    line_reader(const line_reader&) = delete;
    line_reader& operator=(const line_reader&) = delete;
    ~line_reader();

    /// Shows the prompt and waits. The line excludes its newline; the last one of a pipe may have
    /// none.
    wait_end read(const std::string& prompt, std::string& line);

    /// True if a person types.
    [[nodiscard]] bool edits() const noexcept { return editor_ != nullptr; }

    /// Waits only for the peer. Returns `peer`, `interrupted`, or `end` after `timeout` (zero:
    /// never).
    wait_end wait_for_peer(std::chrono::milliseconds timeout) const;

private:
    wait_end read_edited(std::string& line);
    wait_end read_plain(std::string& line);
    wait_end wait();
    void redraw();
    int next_character(wchar_t* character);
    static int next_character_of(editline* editor, wchar_t* character);
    static const char* prompt_of(editline* editor);

    int peer_descriptor_;
    std::string prompt_;
    wait_end reason_ = wait_end::line;  // why the editor's input ended
    std::string buffer_;                // read from a pipe, not a complete line yet
    std::unique_ptr<struct history, void (*)(struct history*)> history_;
    std::unique_ptr<editline, void (*)(editline*)> editor_;
};

}  // namespace framewire
