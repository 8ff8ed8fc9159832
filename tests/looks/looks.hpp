#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::tests {

/// How often each byte of a stream was loaded or compared, and how often it was copied.
struct look_counts {
    std::vector<unsigned> looks{};
    std::vector<unsigned> copies{};
    unsigned looks_behind = 0;  ///< at what had not been shown yet
};

/// Counts what `decode.cpp` and the codec do with the stream from here on until `stop_counting`.
/// Requires: nobody else is counting.
void count_looks_at(std::string_view stream, look_counts& counts);
/// So many bytes of the stream may be looked at from here on; at first all.
void show(std::size_t size);
void stop_counting();

/// A stream of frames, and where each begins. What a framing cannot carry is left out.
struct frames_made {
    std::string stream{};
    std::vector<std::size_t> begins{};
};
frames_made make_frames(const std::string& spec, const std::vector<std::string>& payloads);

/// Decodes the stream in pieces that end at these places; answers how many frames it had.
std::size_t decode(const std::string& spec, std::string_view stream,
                   const std::vector<std::size_t>& ends);

/// Looks at the byte so many times, and copies as many from there on.
void look_and_copy(std::string_view stream, std::size_t at, std::size_t times);

}  // namespace framewire::tests
