// The frames that a decoder finds in one loop are those that it would find one by one, wherever
// the input is cut, whatever the bounds, and up to the first frame that is wrong.

#include "framewire/codec/framing.hpp"

#include "every_framing.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::frame_run_tests {
namespace {

framing parsed(std::string_view spec) { return framing::parse(spec).value(); }

std::string encoded(const framing& by, const std::vector<std::string>& payloads) {
    std::string stream;
    for (const auto& payload : payloads) EXPECT_TRUE(by.encode(payload, stream)) << by.spec();
    return stream;
}

// What a run of `input` brought, and then what `next` said of the rest.
struct reading {
    std::vector<std::string> payloads;
    std::vector<std::uint64_t> offsets;
    std::size_t runs = 0;
    std::size_t longest_run = 0;
    decoded last;
};

reading read_in_runs(decoder by, bytes input, run_bounds bounds = {}) {
    reading read;
    auto take_runs = [&]<class Decoder>(Decoder& one) {
        while (!input.empty()) {
            if constexpr (run_decoder<Decoder>) {
                frame_run run;
                one.find_run(input, bounds, run);
                if (!run.empty()) {
                    ++read.runs;
                    read.longest_run = std::max(read.longest_run, run.size());
                    const auto found = run.payloads(one.offset());
                    for (std::size_t at = 0; at < found.size(); ++at) {
                        read.payloads.emplace_back(found.payload(at));
                        read.offsets.push_back(found.offset(at));
                    }
                    one.take(input, run, 0, run.size());
                    EXPECT_EQ(one.frame_offset(), read.offsets.back());
                    continue;
                }
            }
            read.last = one.next(input);
            if (read.last.what != step::piece || !read.last.piece.whole()) return;
            read.payloads.emplace_back(read.last.piece.payload);
            read.offsets.push_back(one.frame_offset());
            read.last = {};
        }
    };
    by.visit(take_runs);
    return read;
}

reading read_one_by_one(decoder by, bytes input) {
    reading read;
    while (!input.empty()) {
        read.last = by.next(input);
        if (read.last.what != step::piece || !read.last.piece.whole()) break;
        read.payloads.emplace_back(read.last.piece.payload);
        read.offsets.push_back(by.frame_offset());
        read.last = {};
    }
    return read;
}

void expect_the_same(const framing& by, bytes input, std::uint64_t payload_bytes_max) {
    const auto whole = read_one_by_one(by.decoder(payload_bytes_max), input);
    const auto in_runs = read_in_runs(by.decoder(payload_bytes_max), input);
    EXPECT_EQ(in_runs.payloads, whole.payloads) << by.spec();
    EXPECT_EQ(in_runs.offsets, whole.offsets) << by.spec();
    EXPECT_EQ(in_runs.last.what, whole.last.what) << by.spec();
}

TEST(frame_run, has_what_is_found_one_by_one_wherever_the_input_is_cut) {
    for (const auto spec : tests::every_framing) {
        const auto by = parsed(spec);
        const auto stream = encoded(by, std::vector<std::string>(5, std::string(16, 'a')));
        for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
            expect_the_same(by, bytes(stream).substr(0, cut), 64);
            expect_the_same(by, bytes(stream).substr(0, cut), 15);
        }
    }
}

TEST(frame_run, has_what_is_found_one_by_one_up_to_a_wrong_byte) {
    for (const auto spec : tests::every_framing) {
        const auto by = parsed(spec);
        const auto stream = encoded(by, std::vector<std::string>(3, std::string(16, 'a')));
        for (std::size_t at = 0; at < stream.size(); ++at) {
            for (const char wrong : {'\0', '7', '\n', '\xff'}) {
                auto input = stream;
                input[at] = wrong;
                expect_the_same(by, input, 64);
            }
        }
    }
}

TEST(frame_run, ends_at_its_bounds) {
    for (const auto spec : {"digits:10", "u32be", "netstring", "line", "mllp"}) {
        const auto by = parsed(spec);
        const std::vector<std::string> sent(200, "payload");
        const auto stream = encoded(by, sent);
        const auto most = read_in_runs(by.decoder(), stream);
        EXPECT_EQ(most.payloads, sent) << spec;
        EXPECT_EQ(most.runs, 4U) << spec;  // 64 + 64 + 64 + 8
        EXPECT_EQ(most.longest_run, 64U) << spec;
        const auto one_each = read_in_runs(by.decoder(), stream, {.frames = 100, .bytes = 1});
        EXPECT_EQ(one_each.payloads, sent) << spec;
        EXPECT_EQ(one_each.longest_run, 1U) << spec;
        EXPECT_EQ(read_in_runs(by.decoder(), stream, {.frames = 2}).longest_run, 2U) << spec;
    }
}

TEST(frame_run, counts_payloads_of_a_byte_or_none) {
    const auto by = parsed("u16be");
    const auto stream = encoded(by, {"", "1", "22", "1", "12345678"});
    auto decoder = by.decoder();
    auto find = [&]<class Decoder>(const Decoder& one) -> std::size_t {
        if constexpr (run_decoder<Decoder>) {
            frame_run run;
            one.find_run(stream, {}, run);
            return run.tiny();
        }
        return 0;
    };
    EXPECT_EQ(decoder.visit(find), 3U);
}

TEST(frame_run, knows_which_lines_are_as_they_would_be_sent) {
    auto decoder = parsed("line").decoder();
    const std::string stream = "lf\ncrlf\r\n";
    auto find = [&]<class Decoder>(const Decoder& one) {
        if constexpr (std::same_as<Decoder, delimited_decoder>) {
            frame_run run;
            one.find_run(stream, {}, run);
            EXPECT_FALSE(run.is_canonical());
            ASSERT_EQ(run.size(), 2U);
            EXPECT_TRUE(run.is_canonical(0));
            EXPECT_FALSE(run.is_canonical(1));
            EXPECT_EQ(one.canonical_edges(), 1U);
        }
    };
    decoder.visit(find);
}

TEST(frame_run, knows_which_frames_are_as_they_would_be_sent) {
    const auto canonical = [](std::string_view spec) {
        auto find = [&]<class Decoder>(const Decoder& one) {
            frame_run run;
            const auto stream = encoded(parsed(spec), {"payload", "payload"});
            if constexpr (run_decoder<Decoder>) one.find_run(stream, {}, run);
            EXPECT_EQ(run.size(), 2U) << spec;
            EXPECT_EQ(run.is_canonical(), run.is_canonical(1)) << spec;
            return run.is_canonical();
        };
        auto decoder = parsed(spec).decoder();
        return decoder.visit(find);
    };
    EXPECT_TRUE(canonical("u32be"));
    EXPECT_FALSE(canonical("u32be,trailer=2"));  // any bytes are accepted, and zeros are sent
}

TEST(frame_run, knows_how_much_surrounds_a_delimited_payload) {
    const auto edges = [](std::string_view spec) {
        auto find = []<class Decoder>(const Decoder& one) -> std::size_t {
            if constexpr (std::same_as<Decoder, delimited_decoder>) return one.canonical_edges();
            return 0;
        };
        auto decoder = parsed(spec).decoder();
        return decoder.visit(find);
    };
    EXPECT_EQ(edges("line"), 1U);
    EXPECT_EQ(edges("line,eol=crlf"), 2U);
}

TEST(frame_run, finds_nothing_inside_a_frame_or_after_a_failure) {
    for (const auto spec : {"digits:10", "mllp", "netstring", "line,eol=crlf"}) {
        auto decoder = parsed(spec).decoder();
        const auto stream = encoded(parsed(spec), {"payload"});
        auto find_later = [&]<class Decoder>(Decoder& one) {
            if constexpr (run_decoder<Decoder>) {
                bytes front = bytes(stream).substr(0, stream.size() - 3);
                while (!front.empty()) static_cast<void>(one.next(front));
                frame_run run;
                one.find_run(stream, {}, run);
                EXPECT_TRUE(run.empty()) << spec;
            }
        };
        decoder.visit(find_later);
    }
    for (const auto spec : {"mllp", "line,max=0", "digits:2"}) {
        auto failed = parsed(spec).decoder();
        bytes wrong = "x\n";
        EXPECT_EQ(failed.next(wrong).what, step::failed) << spec;
        const auto frame = encoded(parsed(spec), {""});
        const auto later = read_in_runs(failed, frame);
        EXPECT_EQ(later.runs, 0U) << spec;
        EXPECT_EQ(later.last.what, step::failed) << spec;
    }
}

}  // namespace
}  // namespace framewire::frame_run_tests
