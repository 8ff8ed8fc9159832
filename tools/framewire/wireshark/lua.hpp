#pragma once

#include <string_view>

namespace framewire::lua {

// The parts of a Wireshark dissector. Each begins with a list of the settings that it needs.

/// UTF-8 and quoted texts. Once, before all others.
extern const std::string_view texts;

// What follows is in a function for each framing of a script, after its settings.

/// A place in the bytes of a frame, and the errors there.
extern const std::string_view faults;

// One of these reads a number: `read_number(here, limit)`.
extern const std::string_view digits_number;
extern const std::string_view bcd_number;
extern const std::string_view decimal_number;
extern const std::string_view binary_number;
extern const std::string_view varint_number;

// One of these passes over a payload of an announced length.
extern const std::string_view bytes_payload;
extern const std::string_view characters_payload;

// One of these reads a value that ends by itself: `read_value(here)`.
extern const std::string_view ber_value;
extern const std::string_view json_value;
extern const std::string_view resp_value;
extern const std::string_view msgpack_value;
extern const std::string_view lines_value;

/// Lengths in digits, within such values.
extern const std::string_view counted_text;

/// Header fields.
extern const std::string_view field_lines;

// One of these reads the size of a chunk and what follows its data.
extern const std::string_view sized_chunks;
extern const std::string_view sized_chunks_size;
extern const std::string_view http_chunks;
extern const std::string_view netconf_chunks;

// One of these reads a payload that is written in other bytes.
extern const std::string_view flagged_parts;
extern const std::string_view telnet_parts;
extern const std::string_view cobs_parts;
extern const std::string_view dot_parts;

// One of these, after the parts that it calls, defines `read_frame(bytes, start)`.
extern const std::string_view prefixed_frame;
extern const std::string_view fixed_frame;
extern const std::string_view delimited_frame;
extern const std::string_view between_frame;
extern const std::string_view stuffed_frame;
extern const std::string_view value_frame;
extern const std::string_view fix_frame;
extern const std::string_view syslog_frame;
extern const std::string_view fields_frame;
extern const std::string_view chunks_frame;
extern const std::string_view raw_frame;

/// The protocol: its fields, its tree, and its requests for more bytes. Once, after all others.
extern const std::string_view dissector;

}  // namespace framewire::lua
