#pragma once

#include "captures/indexed_capture.hpp"
#include "conversation.hpp"
#include "dump/dump.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace framewire {

/// Packets as a dump has them, as a capture.
[[nodiscard]] capture_file capture_of(const dump& packets, const std::string& name);

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
