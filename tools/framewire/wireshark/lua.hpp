#pragma once

#include <string_view>

namespace framewire::lua {

// The parts of a Wireshark dissector, in the order in which they follow on its settings. What each
// needs of the settings stands at its beginning.

/// UTF-8, texts in quotes, and what is wrong with a frame.
extern const std::string_view texts;

// One of these reads a length in front of a payload:
// `read_header(bytes, start)` answers the header's size and the length; nothing if the header is
// not there yet; or what is wrong, as a third value.
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
extern const std::string_view raw_frame;

/// The protocol: its fields, its tree, and how Wireshark is asked for more.
extern const std::string_view dissector;

}  // namespace framewire::lua
