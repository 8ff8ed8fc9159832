#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::tests {

/// How often each byte of a stream was loaded or compared, and how often it was copied.
struct read_counts {
    std::vector<unsigned> reads{};
    std::vector<unsigned> copies{};
    unsigned early_reads = 0;  ///< of bytes that were not visible yet
};

/// Counts what `decode.cpp` and the codec do with the stream until `stop_counting`.
/// Requires: no other count is running.
void count_reads(std::string_view stream, read_counts& counts);
/// From now on only the first `size` bytes may be read; initially all.
void make_visible(std::size_t size);
void stop_counting();

/// A stream of frames, and where each begins. What a framing cannot carry is left out.
struct frames_made {
    std::string stream{};
    std::vector<std::size_t> begins{};
};
frames_made make_frames(const std::string& spec, const std::vector<std::string>& payloads);

/// Decodes the stream in pieces that end at these offsets; returns the number of frames.
std::size_t decode(const std::string& spec, std::string_view stream,
                   const std::vector<std::size_t>& ends);

/// Reads the byte at `at` so many times, and copies as many bytes from there.
void read_and_copy(std::string_view stream, std::size_t at, std::size_t times);

}  // namespace framewire::tests
