#pragma once

#include "stream_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire::tests {

/// Reads a stream whole, byte by byte, and cut in two at every position, with the same result.
inline reading read(std::string_view spec, bytes stream,
                    std::uint64_t payload_bytes_max = unknown_length - 1) {
    const auto decoder = framing_of(spec).decoder(payload_bytes_max);
    auto all = read_whole(decoder, stream);
    EXPECT_EQ(read_byte_by_byte(decoder, stream), all) << spec;
    for (std::size_t cut = 1; cut < stream.size(); ++cut) {
        EXPECT_EQ(read_cut_at(decoder, stream, cut), all) << spec << " cut at " << cut;
    }
    return all;
}

inline reading frames(std::vector<reading::frame> all) { return {.frames = std::move(all)}; }

inline reading failure(errc error, std::uint64_t offset, std::vector<reading::frame> before = {}) {
    return {.frames = std::move(before), .error = error, .error_offset = offset};
}

inline std::string encoded(std::string_view spec, bytes payload) {
    std::string out;
    EXPECT_TRUE(framing_of(spec).encode(payload, out)) << spec;
    return out;
}

/// The header for a payload of this length.
inline std::string begun(std::string_view spec, std::uint64_t announced) {
    std::string out;
    EXPECT_TRUE(framing_of(spec).begin(announced, out)) << spec << ' ' << announced;
    return out;
}

/// Why this payload cannot be framed; checks that nothing is written then.
inline std::optional<errc> refusal(std::string_view spec, bytes payload) {
    std::string out = "as it was";
    const auto done = framing_of(spec).encode(payload, out);
    EXPECT_TRUE(done || out == "as it was") << spec;
    return done ? std::nullopt : std::optional(done.error());
}

inline std::optional<errc> refusal_to_begin(std::string_view spec, std::uint64_t announced) {
    std::string out = "as it was";
    const auto done = framing_of(spec).begin(announced, out);
    EXPECT_TRUE(done || out == "as it was") << spec;
    return done ? std::nullopt : std::optional(done.error());
}

/// The error if the stream ends after these bytes.
inline std::string truncation(std::string_view spec, bytes stream) {
    stream_reader reader(framing_of(spec).decoder());
    EXPECT_TRUE(reader.feed(stream)) << spec;
    EXPECT_NE(reader.decoder().phase(), frame_phase::between_frames) << spec;
    return reader.decoder().truncation().message();
}

/// The error message for a stream that fails.
inline std::string message(std::string_view spec, bytes stream) {
    stream_reader reader(framing_of(spec).decoder());
    const bool goes_on = reader.feed(stream);
    EXPECT_FALSE(goes_on) << spec;
    return goes_on ? "" : reader.decoder().failure().message();
}

}  // namespace framewire::tests
