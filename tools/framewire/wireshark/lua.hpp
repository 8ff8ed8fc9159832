#pragma once

#include <string_view>

namespace framewire::lua {

// The parts of a Wireshark dissector, in the order in which they follow its settings. Each begins
// with a list of the settings that it needs.

/// UTF-8, quoted texts, and the errors of a frame.
extern const std::string_view texts;

// One of these reads the length before a payload: `read_header(bytes, start)` returns the header's
// size and the length; nothing if the header is incomplete; or an error as a third value.
extern const std::string_view digits_header;
extern const std::string_view decimal_header;
extern const std::string_view binary_header;
extern const std::string_view varint_header;
extern const std::string_view content_length_header;
extern const std::string_view fixed_header;

// One of these finds the end of such a payload.
extern const std::string_view bytes_payload;
extern const std::string_view characters_payload;

// One of these defines `read_frame(bytes, start)`.
extern const std::string_view prefixed_frame;
extern const std::string_view delimited_frame;
extern const std::string_view stuffed_frame;
extern const std::string_view raw_frame;

/// The protocol: its fields, its tree, and its requests for more bytes.
extern const std::string_view dissector;

}  // namespace framewire::lua
