// A decoder never wants more bytes than complete the frame: a caller that waited for them would
// wait for ever.

#include "framewire/codec/framing.hpp"

#include "every_framing.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewire::wanted_tests {
namespace {

using tests::framing_of;
using tests::stream_reader;

// By how many bytes most: fed with every beginning of a frame, compared with what is left of it.
std::uint64_t asked_too_much(const framing& framing, bytes frame) {
    std::uint64_t most = 0;
    for (std::size_t size = 0; size < frame.size(); ++size) {
        for (const bool before : {false, true}) {
            stream_reader reader(framing.decoder());
            if (before) reader.feed(frame);
            reader.feed(frame.substr(0, size));
            reader.feed("");
            const auto left = frame.size() - size;
            most = std::max(most, reader.wanted() - std::min(left, reader.wanted()));
        }
    }
    return most;
}

TEST(wanted, is_never_more_than_is_missing) {
    for (const auto spec : tests::every_framing) {
        for (const char* payload : {"", "a", "aa", "\x1C", "0123456789abcdef"}) {
            for (const char* option : {"", ",max=1,oversize=skip"}) {
                std::string frame;
                if (!framing_of(spec).encode(payload, frame)) continue;
                const auto framing = framing_of(std::string(spec) + option);
                EXPECT_EQ(asked_too_much(framing, frame), 0U)
                    << framing.spec() << ' ' << testing::PrintToString(payload);
            }
        }
    }
}

}  // namespace
}  // namespace framewire::wanted_tests
