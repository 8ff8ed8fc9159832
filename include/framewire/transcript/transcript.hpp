#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/direction.hpp"
#include "framewire/core/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// One line of a written conversation.
struct transcript_line {
    enum class kind : std::uint8_t {
        comment,    ///< `# text`
        from_peer,  ///< `< 30 30 "0005Hello"`
        to_peer,    ///< `> "0000000005Hello"`
        event,      ///< `= frame "Hello" at 0`, or `=>` of what is sent to the peer
        clock,      ///< `@ 5s`: so much time passes
        eof,        ///< `< eof`: the peer ends its stream; `> eof`: the other end does
        reset,      ///< `< reset` or `> reset`: one of them resets the connection
        gap,        ///< `< gap 1448` or `> gap 1448`: so many bytes are missing here
        framing,    ///< `framing SPEC`: from here on, frames are of this framing
    };
    kind what;
    /// The bytes of `from_peer` and `to_peer`, the words of `comment` and `event`, or a spec.
    std::string text{};
    std::chrono::microseconds elapsed{0};
    /// Of `framing`.
    std::shared_ptr<const class framing> frames{};
    /// Its number in the parsed text, from 1.
    std::size_t number = 0;
    /// When it happened, where that is known otherwise: it is not part of the text.
    std::optional<std::chrono::system_clock::time_point> time{};
    /// Of `event`, `eof`, `reset` and `gap`: `received` from the peer, or `sent` to it.
    direction way = direction::received;
    /// Of `gap`, in bytes.
    std::uint64_t missing = 0;
    /// The number of the record in which it was captured, from 1; otherwise 0. Not part of the
    /// text.
    std::uint64_t record = 0;
    /// The number of its connection, from 1.
    std::uint64_t connection = 1;
};

/// Which way the line's bytes or events went; `both` if it is about neither stream.
[[nodiscard]] direction way_of(const transcript_line& line) noexcept;

/// A written conversation between a session and its peer. The language has seven kinds of line:
/// comments, `framing SPEC`, `connection N`, `<`, `>`, `=` (`=>`) and `@`; bytes are pairs of
/// hexadecimal digits and quoted text with the escapes `\\ \" \n \r \t \xNN`.
struct transcript {
    /// Of what the peer sends; its `replies()` are what is sent to the peer.
    class framing framing;
    std::vector<transcript_line> lines;

    /// Fails with the line's number and its fault, also if there are several connections: that is
    /// a `conversations`.
    static result<transcript> parse(std::string_view text);

    /// The same conversation as the other end would write it: `<` and `>` change places. Without
    /// the clock, whose deadlines are those of this end.
    [[nodiscard]] transcript reversed() const;
};

/// Bytes as in a transcript: quoted text, and pairs of hexadecimal digits for everything else.
[[nodiscard]] std::string print_bytes(bytes input);

}  // namespace framewire
