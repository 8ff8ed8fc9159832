#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/result.hpp"
#include "framewire/transcript/transcript.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// What several connections said, in one order and on one clock. As text, it is a transcript in
/// which `connection N` says to which connection the following lines belong; without such a line,
/// it is connection 1.
struct conversations {
    /// Of each connection that does not begin with a `framing` line of its own.
    class framing framing;
    std::vector<transcript_line> lines;

    /// Fails with the line's number and its fault.
    static result<conversations> parse(std::string_view text);

    /// The numbers of the connections that say something, in the order in which they begin.
    [[nodiscard]] std::vector<std::uint64_t> connections() const;
    /// What one of them said. The clock advances from its first line to its last, whichever
    /// connection the `@` lines belong to.
    [[nodiscard]] transcript connection(std::uint64_t number) const;
};

/// True unless the line is a comment or only advances the clock.
[[nodiscard]] bool says_something(const transcript_line& line) noexcept;

/// One line of a transcript, without its end.
[[nodiscard]] std::string print(const transcript_line& line);
/// A text that `conversations::parse` reads as the same.
[[nodiscard]] std::string print(const conversations& all);

}  // namespace framewire
