#include "allocations.hpp"

#include "every_framing.hpp"
#include "stream_reader.hpp"
#include "value_samples.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::allocations_tests {
namespace {

using namespace std::string_view_literals;
using tests::allocation_watch;
using tests::framing_of;

step read_all(decoder& decoder, bytes input) {
    while (true) {
        const auto found = decoder.next(input);
        if (found.what == step::need_more || found.what == step::failed) return found.what;
    }
}

// Whole, byte by byte, and in chunks that cut frames everywhere.
void expect_none(const framing& framing, bytes stream) {
    const allocation_watch observer;
    auto decoder = framing.decoder();
    for (const std::size_t chunk : {stream.size(), std::size_t{1}, std::size_t{7}}) {
        for (auto rest = stream; !rest.empty();) {
            ASSERT_EQ(read_all(decoder, rest.substr(0, chunk)), step::need_more);
            rest.remove_prefix(std::min(chunk, rest.size()));
        }
    }
    EXPECT_EQ(observer.calls(), 0U) << framing.spec();
}

std::string hundred_frames(const framing& framing) {
    std::string stream;
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(framing.encode("Hello, you there", stream));
    return stream;
}

TEST(allocations, decoding_needs_none) {
    for (const auto spec : tests::every_framing) {
        const auto framing = framing_of(spec);
        expect_none(framing, hundred_frames(framing));
    }
    expect_none(framing_of("raw"), "Hello");
}

TEST(allocations, decoding_messages_with_a_header_needs_none) {
    std::string stream;
    for (int i = 0; i < 20; ++i) stream += "BYE x SIP/2.0\r\nl: 2\r\n\r\nhi\r\n";
    const auto* const spec = R"(content-length,start=line,field=l,fields=keep,skip=\r\n)";
    expect_none(framing_of(spec), stream);
    expect_none(framing_of(std::string(spec) + ",max=9,oversize=skip"), stream);
}

TEST(allocations, skipping_needs_none) {
    for (const auto spec : tests::every_framing) {
        expect_none(framing_of(std::string(spec) + ",max=4,oversize=skip"),
                    hundred_frames(framing_of(spec)));
    }
}

TEST(allocations, values_need_none) {
    for (const auto spec : tests::every_value) {
        std::string stream;
        for (const auto& one : tests::values_of(spec)) {
            EXPECT_TRUE(framing_of(spec).encode(one, stream)) << spec;
        }
        expect_none(framing_of(spec), stream);
        expect_none(framing_of(std::string(spec) + ",max=4,oversize=skip"), stream);
    }
}

TEST(allocations, an_error_costs_its_words_and_not_what_was_announced) {
    for (const auto& [spec, stream] : {std::pair{"digits:10", "9999999999"sv},
                                       {"digits:10", "+999999999"sv},
                                       {"digits:10", "xxxxxxxxxx"sv},
                                       {"u32be", "\xFF\xFF\xFF\xFF"sv},
                                       {"u64le", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"sv},
                                       {"tpkt", "GET / HTTP/1.1"sv},
                                       {"varint", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"sv},
                                       {"netstring", "9999999999:"sv},
                                       {"netstring", "1:ab"sv},
                                       {"octet-count", "9999999999 "sv},
                                       {"content-length", "Content-Length: 9999999999\r\n"sv},
                                       {"mllp", "MSH|"sv}}) {
        auto decoder = framing_of(spec).decoder(1'000'000'000);
        const allocation_watch observer;
        EXPECT_EQ(read_all(decoder, stream), step::failed) << spec;
        EXPECT_LT(observer.most(), 2048U) << spec;
    }
}

// The words of an error quote the beginning of what is too large, and not the whole.
TEST(allocations, an_error_costs_its_words_and_not_what_came) {
    const std::string stream = "\x0B" + std::string(100'000, 'x');
    const std::string text = "[\"" + std::string(100'000, 'x');
    auto json = framing_of("json,max=90KiB").decoder();
    const allocation_watch all;
    EXPECT_EQ(read_all(json, text), step::failed);
    EXPECT_LT(all.most(), 2048U);
    for (const char* spec : {"line,max=90KiB", "delimiter:end,max=90KiB", "mllp,max=90KiB"}) {
        auto decoder = framing_of(spec).decoder();
        const allocation_watch observer;
        EXPECT_EQ(read_all(decoder, stream), step::failed) << spec;
        EXPECT_LT(observer.most(), 2048U) << spec;
    }
}

TEST(allocations, the_largest_announcement_costs_nothing) {
    for (const auto& [spec, header] : {std::pair{"digits:20", "18446744073709551614"sv},
                                       {"u64be", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE"sv},
                                       {"varint", "\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"sv},
                                       {"netstring", "9999999999:"sv},
                                       {"lsp", "Content-Length: 9999999999\r\n\r\n"sv}}) {
        auto decoder = framing_of(spec).decoder();
        const allocation_watch observer;
        EXPECT_EQ(read_all(decoder, header), step::need_more) << spec;
        EXPECT_EQ(observer.calls(), 0U) << spec;
    }
}

}  // namespace
}  // namespace framewire::allocations_tests
