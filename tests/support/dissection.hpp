#pragma once

#include "walkthrough/dissector.hpp"

#include "as_it_came.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire::tests {

/// How a stream is cut into chunks.
using chunks = std::vector<bytes>;

inline chunks in_pieces_of(bytes stream, std::size_t size) {
    chunks cut;
    for (; !stream.empty(); stream.remove_prefix(cut.back().size())) {
        cut.push_back(stream.substr(0, size));
    }
    return cut;
}

inline chunks cut_at(bytes stream, std::size_t at) {
    return {stream.substr(0, at), stream.substr(at)};
}

/// A frame without fields that may depend on the cuts.
struct parts {
    frame_anatomy::stage reached{};
    std::uint64_t offset = 0;
    std::uint64_t header_bytes = 0;
    std::uint64_t payload_bytes = 0;
    std::uint64_t trailer_bytes = 0;
    std::uint64_t announced = unknown_length;
    std::uint64_t counted = 0;
    bool is_discarded = false;
    bool operator==(const parts&) const = default;
};

inline void PrintTo(const parts& of, std::ostream* out) {
    *out << "stage " << static_cast<int>(of.reached) << " at " << of.offset << ": "
         << of.header_bytes << '+' << of.payload_bytes << '+' << of.trailer_bytes << " bytes, "
         << of.counted << " of " << of.announced << (of.is_discarded ? ", discarded" : "");
}

inline parts parts_of_frame(const frame_anatomy& frame) {
    return {frame.reached,       frame.offset,    frame.header_bytes, frame.payload_bytes,
            frame.trailer_bytes, frame.announced, frame.counted,      frame.is_discarded};
}

/// The result of a dissector: all frames, an open one last.
struct dissection {
    std::vector<frame_anatomy> frames;
    std::optional<errc> error{};
    std::uint64_t error_offset = 0;

    [[nodiscard]] bool open() const { return !frames.empty() && !frames.back().over(); }
    [[nodiscard]] std::vector<parts> all() const {
        std::vector<parts> made;
        for (const auto& frame : frames) made.push_back(parts_of_frame(frame));
        return made;
    }
    bool operator==(const dissection& other) const {
        return all() == other.all() && error == other.error && error_offset == other.error_offset;
    }
};

inline void PrintTo(const dissection& of, std::ostream* out) {
    *out << testing::PrintToString(of.all());
    if (of.error) *out << error_name(*of.error) << " at " << of.error_offset;
}

inline void expect_kept(const std::string& kept, bytes stream, std::uint64_t begin,
                        std::uint64_t size) {
    const auto shown = std::min<std::uint64_t>(size, frame_anatomy::shown_bytes_max);
    EXPECT_EQ(kept,
              stream.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(shown)));
}

/// Dissects the stream, and checks that every byte is in one part of one frame.
inline dissection dissect(const framing& frames, const chunks& cut,
                          std::uint64_t payload_bytes_max = unknown_length - 1) {
    dissector receiver(frames, payload_bytes_max);
    dissection found;
    std::string stream;
    for (const auto chunk : cut) {
        stream += chunk;
        const bool had_failed = receiver.failure() != nullptr;
        const auto touched = receiver.receive(chunk);
        if (!touched.empty() && found.open()) found.frames.pop_back();
        EXPECT_TRUE(!had_failed || touched.empty());
        for (const auto& frame : touched) {
            EXPECT_EQ(frame.offset, found.frames.empty() ? 0 : found.frames.back().end());
            EXPECT_GT(frame.end(), stream.size() - chunk.size());
            EXPECT_LE(frame.end(), stream.size());
            EXPECT_TRUE(frame.over() || &frame == &touched.back());
            found.frames.push_back(frame);
        }
        EXPECT_EQ(receiver.offset(), stream.size());
        EXPECT_EQ(receiver.open().has_value(), found.open());
    }
    if (auto last = receiver.receive_eof()) found.frames.back() = std::move(*last);
    EXPECT_FALSE(receiver.receive_eof());
    if (receiver.failure() != nullptr) {
        found.error = receiver.failure()->code;
        found.error_offset = receiver.failure()->offset;
    } else {
        EXPECT_EQ(found.frames.empty() ? 0 : found.frames.back().end(), stream.size());
    }
    for (const auto& frame : found.frames) {
        expect_kept(frame.header, stream, frame.offset, frame.header_bytes);
        if (is_as_it_came(frames)) {
            expect_kept(frame.payload, stream, frame.payload_offset(), frame.payload_bytes);
        }
        expect_kept(frame.trailer, stream, frame.trailer_offset(), frame.trailer_bytes);
    }
    return found;
}

/// The same for the whole stream, byte by byte, and cut in two at every position.
inline dissection dissect_every_way(const framing& frames, bytes stream,
                                    std::uint64_t payload_bytes_max = unknown_length - 1) {
    const auto whole = dissect(frames, {stream}, payload_bytes_max);
    EXPECT_EQ(dissect(frames, in_pieces_of(stream, 1), payload_bytes_max), whole)
        << frames.spec() << ' ' << testing::PrintToString(std::string(stream));
    for (std::size_t at = 1; at < stream.size(); ++at) {
        EXPECT_EQ(dissect(frames, cut_at(stream, at), payload_bytes_max), whole)
            << frames.spec() << ' ' << testing::PrintToString(std::string(stream)) << " cut at "
            << at;
    }
    return whole;
}

}  // namespace framewire::tests
