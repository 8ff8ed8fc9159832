#pragma once

#include "cli/target.hpp"
#include "conversation.hpp"
#include "dump/dump.hpp"

#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// Takes the file out of the words of a command line: `-`, or the name of a file that exists.
/// Empty if there is none; the words after `--` are messages.
[[nodiscard]] std::string take_file(std::vector<std::string>& words);

/// True if the words or `--framing` say how messages are framed.
[[nodiscard]] bool names_framing(const target_options& given) noexcept;

/// The framing of captured bytes. Throws `usage_error` if the words are wrong, or if there are
/// messages, too.
[[nodiscard]] framing framing_for(const target_options& given);

/// Messages as a client would send them; the example of the framing if there are none. Fails if
/// one cannot be framed. Throws `usage_error` if the words are wrong.
[[nodiscard]] result<conversation> frame_messages(const target_options& given);

/// What a text says: a whole transcript, or only bytes.
struct written_conversation {
    std::optional<std::string> framing{};
    std::vector<transcript_line> lines{};
};

/// A transcript in which bytes are missing and that says so; nothing for other texts.
[[nodiscard]] std::optional<written_conversation> transcript_with_gaps(bytes text);

/// One connection of a transcript that has several: the only one in `wanted`. Nothing for other
/// texts. Fails if `wanted` is none of them, or not one.
[[nodiscard]] std::optional<result<written_conversation>> connection_of(
    bytes text, const std::vector<std::size_t>& wanted);

/// The conversation of another text, which `read_dump` has read as `found`.
[[nodiscard]] written_conversation written_in(bytes text, dump found);

}  // namespace framewire
