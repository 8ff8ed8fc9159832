#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// The lines that a person has typed, one a line, in a file that sessions share. A file that
/// cannot be read or written keeps nothing: no conversation fails for it.
class history_file {
public:
    /// `$XDG_STATE_HOME/framewire/history`, by default in `~/.local/state`; empty if there is no
    /// such place.
    static std::string default_path();

    /// An empty path is no file.
    explicit history_file(std::string path) : path_(std::move(path)) {}

    /// At most `lines_max`, the oldest first. Shortens a file that has many more.
    [[nodiscard]] std::vector<std::string> read(std::size_t lines_max) const;
    /// At once, so that nothing is lost if the session is killed. Makes the file, which only its
    /// owner can read.
    void append(std::string_view line) const;

private:
    std::string path_;
};

}  // namespace framewire
