#pragma once

#include "capture/capture_file.hpp"
#include "conversation.hpp"
#include "dump/dump.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace framewire {

/// A capture file, and what a first pass has found in it.
struct indexed_capture {
    capture_file file;
    capture found;
};

/// Reads all of the capture once. On a terminal, shows how far it is.
[[nodiscard]] result<indexed_capture> index_capture(capture_file file);

/// Reads the pieces of these streams, or of all. On a terminal, shows how far it is.
[[nodiscard]] result<void> read_pieces(const capture_file& file,
                                       std::optional<std::set<std::size_t>> streams,
                                       const piece_sink& to);

/// Packets as a dump has them, as a capture.
[[nodiscard]] capture_file capture_of(const dump& packets, const std::string& name);

/// What one segment added to a stream, as a line.
[[nodiscard]] transcript_line line_of(const captured_piece& piece);

/// One stream of the capture. Its framing is yet to be decided.
[[nodiscard]] conversation stream_of(const indexed_capture& from, std::size_t number,
                                     const framing& frames);

/// The same, decrypted by tshark with this file of secrets.
[[nodiscard]] result<conversation> decrypted_stream_of(const indexed_capture& from,
                                                       std::size_t number, const framing& frames,
                                                       const std::string& keylog);

/// Which sides of the stream may begin in the middle of a frame.
[[nodiscard]] std::array<bool, 2> midway_sides(const captured_stream& stream) noexcept;

}  // namespace framewire
