#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

// Of libedit, whose header only the source includes.
struct editline;
struct history;

namespace framewire {

/// What ended the wait for a line.
enum class heard : std::uint8_t {
    line,
    end,          ///< end of input: Ctrl-D, or the pipe's end
    interrupted,  ///< Ctrl-C
    peer,         ///< the peer's descriptor has something to read, or its end
};

/// Reads lines from standard input: with editing and history where a person types, plainly where a
/// program writes. Either way it notices at once when the peer has something to say.
class line_reader {
public:
    explicit line_reader(int peer_descriptor);
    line_reader(const line_reader&) = delete;
    line_reader& operator=(const line_reader&) = delete;
    ~line_reader();

    /// Shows the prompt and waits. The line is without its newline; the last one of a pipe may
    /// have none.
    heard read(const std::string& prompt, std::string& line);

    /// True where a person types.
    [[nodiscard]] bool edits() const noexcept { return editor_ != nullptr; }

    /// Waits for the peer alone: `peer`, `interrupted`, or `end` if nothing came in time (zero:
    /// for ever).
    heard wait_for_peer(std::chrono::milliseconds timeout) const;

private:
    heard read_edited(std::string& line);
    heard read_plain(std::string& line);
    heard wait();
    void redraw();
    int next_character(wchar_t* character);
    static int next_character_of(editline* editor, wchar_t* character);
    static const char* prompt_of(editline* editor);

    int peer_descriptor_;
    std::string prompt_;
    heard reason_ = heard::line;  // why the editor's input ended
    std::string buffer_;          // read from a pipe, and not yet a line
    std::unique_ptr<struct history, void (*)(struct history*)> history_;
    std::unique_ptr<editline, void (*)(editline*)> editor_;
};

}  // namespace framewire
