// The rows of docs/faults.md that need more than a transcript, in the framings that came with the
// table; faults_a.cpp has them for `digits`.

#include "framewire/codec/framing.hpp"

#include "every_framing.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::faults_a_every_framing_tests {
namespace {

using namespace std::string_view_literals;
using tests::framing_of;
using tests::stream_reader;

constexpr std::size_t megabyte = 1'000'000;

// How many bytes of the stream were read before it was refused.
std::uint64_t looked_at(std::string_view spec, const std::string& stream, errc expected) {
    stream_reader reader(framing_of(spec).decoder());
    EXPECT_FALSE(reader.feed(stream)) << spec;
    EXPECT_EQ(error_name(reader.decoder().failure().code), error_name(expected)) << spec;
    EXPECT_LT(reader.decoder().failure().words.size(), 300U) << spec;
    return reader.decoder().offset();
}

TEST(faults_a, row_10_headers_without_end_in_every_framing) {
    const std::string nines(megabyte, '9');
    const std::string zeros(megabyte, '0');
    for (const auto spec : {"netstring"sv, "octet-count"sv}) {
        EXPECT_LE(looked_at(spec, nines, errc::frame_length_syntax), 11U);
        EXPECT_LE(looked_at(spec, zeros, errc::frame_length_syntax), 2U);
    }
    const std::string field = "Content-Length: ";
    EXPECT_LE(looked_at("content-length", field + nines, errc::frame_length_syntax), 27U);
    EXPECT_LE(looked_at("content-length", std::string(megabyte, 'x'), errc::frame_syntax), 4096U);
    EXPECT_LE(looked_at("content-length", "x: " + nines, errc::frame_syntax), 4096U);
    std::string fields;
    while (fields.size() < megabyte) fields += "x: y\r\n";
    EXPECT_LE(looked_at("content-length", fields, errc::frame_syntax), 4096U);
}

TEST(faults_a, row_27_a_varint_without_end) {
    EXPECT_LE(looked_at("varint", std::string(megabyte, '\x80'), errc::frame_length_syntax), 10U);
    EXPECT_LE(looked_at("varint", std::string(megabyte, '\xFF'), errc::frame_length_syntax), 10U);
    EXPECT_LE(looked_at("varint,max=64", std::string(megabyte, '\xFF'), errc::frame_too_large),
              10U);
}

TEST(faults_a, row_29_a_payload_without_end) {
    const std::string payload(megabyte, '\r');
    for (const auto spec : {"line,max=64"sv, "delimiter:\\r\\n,max=64"sv}) {
        EXPECT_LE(looked_at(spec, payload, errc::frame_too_large), 66U);
    }
    EXPECT_LE(looked_at("mllp,max=64", "\x0B" + payload, errc::frame_too_large), 67U);
}

TEST(faults_a, row_19_many_frames_and_half_of_the_next_in_every_framing) {
    constexpr std::size_t frames = 10'000;
    for (const auto spec : tests::every_framing) {
        const auto framing = framing_of(spec);
        std::string one;
        ASSERT_TRUE(framing.encode("sixteen bytes...", one)) << spec;
        std::string stream;
        for (std::size_t i = 0; i < frames; ++i) stream += one;
        stream.resize(stream.size() - 1);
        auto decoder = framing.decoder();
        bytes input = stream;
        std::size_t count = 0;
        for (auto found = decoder.next(input); found.what == step::piece;
             found = decoder.next(input)) {
            ASSERT_EQ(decoder.frame_offset(), count * one.size()) << spec;
            if (found.piece.last) ++count;
        }
        EXPECT_EQ(count, frames - 1) << spec;
        EXPECT_NE(decoder.phase(), frame_phase::between_frames) << spec;
    }
}

TEST(faults_a, row_30_what_no_framing_can_carry_sends_nothing) {
    const auto expect_nothing = [](std::string_view spec, bytes payload, errc expected) {
        std::string out = "as it was";
        const auto sent = framing_of(spec).encode(payload, out);
        ASSERT_FALSE(sent) << spec;
        EXPECT_EQ(error_name(sent.error()), error_name(expected)) << spec;
        EXPECT_EQ(out, "as it was") << spec;
    };
    const std::string large(65'536, 'x');
    expect_nothing("u8", bytes(large).substr(0, 256), errc::frame_too_large);
    expect_nothing("u16be", large, errc::frame_too_large);
    expect_nothing("u16le", large, errc::frame_too_large);
    expect_nothing("u24be", std::string(1 << 24, 'x'), errc::frame_too_large);
    expect_nothing("tpkt", bytes(large).substr(0, 65'532), errc::frame_too_large);
    expect_nothing("u16be,adjust=+2", "x", errc::frame_wrong_size);
    expect_nothing("line", "two\nlines", errc::frame_delimiter);
    expect_nothing("line", "a line\r", errc::frame_delimiter);
    expect_nothing("delimiter:\\r\\n", "two\r\nlines", errc::frame_delimiter);
    expect_nothing("delimiter:aa", "ba", errc::frame_delimiter);
    expect_nothing("mllp", "MSH|\x1C\r", errc::frame_delimiter);
    for (const auto spec : tests::every_framing) {
        if (spec == "fixed:16") continue;
        expect_nothing(std::string(spec) + ",max=7", "Hello wo", errc::frame_too_large);
    }
}

TEST(faults_a, row_36_nothing_changes_after_an_error_in_any_framing) {
    const std::vector<std::pair<std::string_view, std::string_view>> failing{
        {"netstring", "+"},
        {"netstring", "2:hi;"},
        {"netstring,max=5", "6"},
        {"octet-count", "05"},
        {"content-length", "\r"},
        {"content-length,max=5", "Content-Length: 6"},
        {"u8,max=5", "\6"},
        {"u32be", "\xFF\xFF\xFF\xFF"},
        {"u16be,adjust=-2", "\0\1"sv},
        {"tpkt", "\4"},
        {"varint", "\x80\0"sv},
        {"varint,max=5", "\6"},
        {"line,max=5", "secret"},
        {"delimiter:\\r\\n,max=5", "Hello\r!"},
        {"mllp", "x"},
        {"mllp,max=5", "\x0Bsecret"},
    };
    for (const auto& [spec, stream] : failing) {
        stream_reader reader(framing_of(spec).decoder(1 << 24));
        ASSERT_FALSE(reader.feed(stream)) << spec;
        auto& decoder = reader.decoder();
        const auto message = decoder.failure().message();
        const auto offset = decoder.offset();
        for (const auto more : {"2:hi,"sv, ""sv, "\0\0\0\2hi"sv, "\r\n"sv, "\x1C\r"sv}) {
            bytes input = more;
            EXPECT_EQ(decoder.next(input).what, step::failed) << spec;
            EXPECT_EQ(input, more) << spec;
            EXPECT_EQ(decoder.failure().message(), message) << spec;
            EXPECT_EQ(decoder.offset(), offset) << spec;
        }
    }
}

}  // namespace
}  // namespace framewire::faults_a_every_framing_tests
