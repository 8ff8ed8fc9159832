#include "allocations.hpp"

#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire {
namespace {

using test::allocation_watch;
using test::framing_of;

step read_all(decoder& decoder, bytes input) {
    while (true) {
        const auto found = decoder.next(input);
        if (found.what == step::need_more || found.what == step::failed) return found.what;
    }
}

TEST(allocations, decoding_needs_none) {
    for (const char* spec : {"digits:10", "digits:10,count=chars", "digits:10,pad=space",
                             "digits:10,max=4,oversize=skip", "fixed:4", "raw"}) {
        const auto framing = framing_of(spec);
        const bool blanks = framing.spec().find("space") != std::string::npos;
        std::string stream;
        for (int i = 0; i < 100; ++i) stream += blanks ? "5         Hello" : "0000000005Hello";
        const allocation_watch watch;
        auto decoder = framing.decoder();
        ASSERT_EQ(read_all(decoder, stream), step::need_more);
        for (const char& byte : stream) {
            ASSERT_EQ(read_all(decoder, bytes(&byte, 1)), step::need_more);
        }
        EXPECT_EQ(watch.calls(), 0U) << spec;
    }
}

TEST(allocations, an_error_costs_its_words_and_not_what_was_announced) {
    for (const char* header : {"9999999999", "+999999999", "xxxxxxxxxx"}) {
        auto decoder = framing_of("digits:10").decoder(1'000'000'000);
        const allocation_watch watch;
        bytes input = header;
        EXPECT_EQ(decoder.next(input).what, step::failed);
        EXPECT_LT(watch.most(), 2048U) << header;
    }
}

TEST(allocations, the_largest_announcement_costs_nothing) {
    auto decoder = framing_of("digits:20").decoder();
    const allocation_watch watch;
    bytes input = "18446744073709551614";
    EXPECT_EQ(decoder.next(input).what, step::need_more);
    EXPECT_EQ(watch.calls(), 0U);
}

}  // namespace
}  // namespace framewire
