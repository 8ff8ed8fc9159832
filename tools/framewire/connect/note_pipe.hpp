#pragma once

#include "io/descriptor.hpp"

#include <string>

namespace framewire {

/// Takes what would be written to standard error, for the thread that prints: on a terminal it
/// must not be written into the line that is being typed.
class note_pipe {
public:
    /// Both ends are -1 if the system has no descriptors for it.
    note_pipe();

    /// What has been written so far. Does not wait.
    [[nodiscard]] std::string read() const;
    [[nodiscard]] int reading_end() const noexcept { return reading_.get(); }
    [[nodiscard]] int writing_end() const noexcept { return writing_.get(); }

private:
    owned_descriptor reading_;
    owned_descriptor writing_;
};

}  // namespace framewire
