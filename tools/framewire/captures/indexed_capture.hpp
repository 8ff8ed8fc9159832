#pragma once

#include "capture/capture_file.hpp"
#include "framewire/core/result.hpp"
#include "framewire/transcript/transcript.hpp"

#include <cstddef>
#include <optional>
#include <set>

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

/// What one segment added to a stream, as a line.
[[nodiscard]] transcript_line line_of(const captured_piece& piece);

}  // namespace framewire
