#pragma once

#include "core/stream_side.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// Bytes that one side of a conversation sent.
struct dump_piece {
    stream_side from{};
    std::string data{};
    /// When, if the text says so.
    std::optional<std::chrono::system_clock::time_point> time{};
};

/// The bytes that a text describes.
struct dump {
    /// The form of the text, for a person: `xxd`, `tcpdump -x`.
    std::string form{};
    /// In the order of the text. None is empty.
    std::vector<dump_piece> pieces{};
    /// The spec in the `framing` line of a transcript, its options joined by commas; unchecked.
    std::optional<std::string> framing{};
    /// True if the text says that more bytes follow than it shows.
    bool cut = false;
    /// True if each piece is a packet with its headers, from the link or from IP on.
    bool has_packets = false;
    /// Of those packets, the LINKTYPE_ number: 1 is Ethernet, 101 is IP without a link header.
    int link_type = 0;
    /// What was decided where a person could doubt it, one sentence each.
    std::vector<std::string> remarks{};
};

struct dump_options {
    /// So many bytes at the start of each packet are left out.
    std::size_t skip = 0;
    /// The text is base64.
    bool base64 = false;
    /// The input is no text: its bytes are what was captured.
    bool binary = false;
    /// In words of several bytes, the lowest byte is first. Without a value, such words are
    /// refused unless the text shows their order.
    std::optional<bool> little_words{};
};

/// Reads bytes as people paste them: dumps with and without offsets, logs of programs that show
/// bytes, strings and lists of programming languages, transcripts, base64. `dump_forms()` lists
/// the forms; the first that recognises the text reads all of it. What is no text, as its control
/// bytes show, is taken as it is, with a remark.
///
/// Empty lines and lines that begin with `#` are ignored, unless they are rows. Fails with line,
/// column, what was expected and a hint; also if a text has two meanings with different bytes, or
/// says that bytes are missing in its middle. Missing at its end they are `cut`.
[[nodiscard]] result<dump> read_dump(bytes text, const dump_options& options = {});

}  // namespace framewire
