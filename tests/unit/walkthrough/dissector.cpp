#include "walkthrough/dissector.hpp"

#include "dissection.hpp"
#include "every_framing.hpp"
#include "utf8_oracle.hpp"

#include <gtest/gtest.h>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::dissector_tests {
namespace {

using stage = frame_anatomy::stage;
using tests::dissect;
using tests::dissect_every_way;
using tests::framing_of;
using tests::parts;

// With what the boundaries of `every_framing` begin with, and pieces of headers.
constexpr std::array<std::string_view, 12> payloads{"",
                                                    "x",
                                                    "Greetings,server",
                                                    "h\xC3\xA9llo \xF0\x9F\x8E\x89",
                                                    "aaxa",
                                                    "a\ra",
                                                    "\x1C\x1C",
                                                    "\x1C\x0B",
                                                    "5:hello,",
                                                    "0000000003",
                                                    "Content-Length: 1\r",
                                                    "aaaaaaaaaaaaaaaa"};

// A frame as the encoder writes its parts.
struct written {
    std::string header{};
    std::string payload{};
    std::string trailer{};
    std::uint64_t counted = 0;

    [[nodiscard]] std::string all() const { return header + payload + trailer; }
};

bool is_in_fragments(const length_layout& length) {
    return length.more != 0 || length.last != 0 || length.joins_full;
}

std::optional<written> write(const framing& frames, bytes payload) {
    std::string whole;
    if (!frames.encode(payload, whole)) return std::nullopt;
    const auto layout = frames.describe();
    const auto lead = layout.length ? layout.length->lead : 0;
    written frame{.payload = std::string(payload.substr(lead)), .counted = payload.size()};
    if (frames.counts() == counting::in_characters) frame.counted = count_utf8(payload);
    const auto announced = frames.announces_length() ? frame.counted : unknown_length;
    auto open = frames.begin(announced, frame.header);
    std::string body;
    EXPECT_TRUE(open && frames.append(*open, payload, body) && frames.end(*open, frame.trailer));
    frame.header += body.substr(0, body.size() - frame.payload.size());
    // A payload in fragments has several headers.
    if (layout.length && is_in_fragments(*layout.length) && frame.all() != whole) return {};
    EXPECT_EQ(frame.all(), whole);
    return frame;
}

// True if neither a length nor a single end says where the parts are.
bool has_own_parts(const framing& frames) {
    const auto layout = frames.describe();
    return layout.own != grammar::none || (!layout.length && !boundary_of(frames));
}

class every_spec : public testing::TestWithParam<std::string_view> {
protected:
    framing frames_ = framing_of(GetParam());

    [[nodiscard]] parts complete(const written& frame, std::uint64_t offset) const {
        return {.reached = stage::complete,
                .offset = offset,
                .header_bytes = frame.header.size(),
                .payload_bytes = frame.payload.size(),
                .trailer_bytes = frame.trailer.size(),
                .announced = frames_.announces_length() ? frame.counted : unknown_length,
                .counted = frame.counted};
    }
};

TEST_P(every_spec, parts_are_those_that_the_encoder_wrote) {
    if (has_own_parts(frames_)) return;
    std::string stream;
    std::vector<parts> expected;
    for (const auto payload : payloads) {
        const auto frame = write(frames_, payload);
        if (!frame) continue;
        expected.push_back(complete(*frame, stream.size()));
        stream += frame->all();
    }
    EXPECT_GE(expected.size(), 2U);
    EXPECT_EQ(dissect_every_way(frames_, stream).all(), expected);
}

// Every byte belongs to a frame, and what is shown of a payload is what is delivered.
TEST_P(every_spec, payloads_are_those_that_were_sent) {
    std::string stream;
    std::vector<std::string> sent;
    for (const auto payload : payloads) {
        if (frames_.encode(payload, stream)) sent.emplace_back(payload);
    }
    EXPECT_GE(sent.size(), 2U);
    std::vector<std::string> shown;
    for (const auto& frame : dissect_every_way(frames_, stream).frames) {
        EXPECT_EQ(frame.reached, stage::complete);
        shown.push_back(frame.payload);
    }
    EXPECT_EQ(shown, sent);
}

// How much of the end may be the beginning of the boundary, by trying every length.
std::size_t undecided(bytes rest, bytes mark) {
    auto size = std::min(rest.size(), mark.size() - 1);
    while (!rest.ends_with(mark.substr(0, size))) --size;
    return size;
}

TEST_P(every_spec, a_frame_that_stops_anywhere_is_told_as_far_as_it_came) {
    if (has_own_parts(frames_)) return;
    for (const auto payload : payloads) {
        const auto frame = write(frames_, payload);
        if (!frame) continue;
        const auto whole = frame->all();
        for (std::size_t size = 1; size < whole.size(); ++size) {
            const auto seen = bytes(whole).substr(0, size);
            const auto head = std::min(size, frame->header.size());
            const auto rest = seen.substr(head);
            parts expected{.offset = 0, .header_bytes = head, .payload_bytes = rest.size()};
            if (frames_.announces_length()) {
                const bool known = head == frame->header.size();
                expected.payload_bytes = std::min(rest.size(), frame->payload.size());
                if (known) expected.announced = frame->counted;
                expected.reached = !known ? stage::header
                                   : expected.payload_bytes < frame->payload.size()
                                       ? stage::payload
                                       : stage::trailer;
            } else {
                const auto end = *boundary_of(frames_);
                expected.payload_bytes -= undecided(rest, end.mark());
                expected.reached = stage::payload;
            }
            expected.trailer_bytes = rest.size() - expected.payload_bytes;
            const auto counted = rest.substr(0, expected.payload_bytes);
            expected.counted = frames_.counts() == counting::in_characters
                                   ? tests::utf8_oracle::instance().read(counted).characters
                                   : counted.size();
            if (expected.announced != unknown_length)
                expected.counted += payload.size() - frame->payload.size();
            const auto found = dissect(frames_, {seen});
            ASSERT_EQ(found.all(), std::vector{expected}) << GetParam() << ' ' << size;
            EXPECT_EQ(found.frames[0].header, frame->header.substr(0, head));
        }
    }
}

INSTANTIATE_TEST_SUITE_P(dissector, every_spec, testing::ValuesIn(tests::every_framing));

TEST(dissector, raw_takes_chunks_as_they_come) {
    const auto found = dissect(framing_of("raw,max=3"), {"ab", "cdefg"});
    const std::vector<parts> expected{
        {.reached = stage::complete, .offset = 0, .payload_bytes = 2, .counted = 2},
        {.reached = stage::complete, .offset = 2, .payload_bytes = 3, .counted = 3},
        {.reached = stage::complete, .offset = 5, .payload_bytes = 2, .counted = 2}};
    EXPECT_EQ(found.all(), expected);
}

TEST(dissector, a_payload_without_an_end_ends_with_the_stream) {
    dissector receiver(framing_of("eof,max=3,oversize=skip"), 100);
    EXPECT_FALSE(receiver.receive_eof());
    EXPECT_EQ(receiver.receive("abc").back().reached, stage::payload);
    auto over = receiver;
    EXPECT_EQ(over.receive_eof()->reached, stage::complete);
    EXPECT_FALSE(over.open());
    receiver.receive("d");
    EXPECT_EQ(receiver.receive_eof()->reached, stage::skipped);
}

TEST(dissector, what_ends_a_message_with_its_header_is_no_payload) {
    const auto frames = framing_of("content-length,fields=keep,missing=end,end=\\0,skip=\\n");
    const auto found = dissect_every_way(frames, bytes("\nA: b\r\n\r\nhi\0", 12));
    ASSERT_EQ(found.frames.size(), 1U);
    EXPECT_EQ(found.frames[0].header, "\n");
    EXPECT_EQ(found.frames[0].payload, "A: b\r\n\r\nhi");
    EXPECT_EQ(found.frames[0].trailer_bytes, 1U);
}

TEST(dissector, a_carriage_return_in_front_of_a_line_feed_belongs_to_the_trailer) {
    const auto found = dissect_every_way(framing_of("line"), "a\r\r\nb\n");
    ASSERT_EQ(found.frames.size(), 2U);
    EXPECT_EQ(found.frames[0].payload, "a\r");
    EXPECT_EQ(found.frames[0].trailer, "\r\n");
    EXPECT_EQ(found.frames[1].trailer, "\n");
}

TEST(dissector, bytes_of_a_character_that_is_not_complete_are_not_counted) {
    dissector receiver(framing_of("digits:2,count=chars"), 100);
    EXPECT_EQ(receiver.receive("02h\xF0\x9F").back().uncounted_bytes, 2U);
    EXPECT_EQ(receiver.open()->counted, 1U);
    EXPECT_EQ(receiver.receive("\x8E").back().uncounted_bytes, 3U);
    const auto last = receiver.receive("\x89").back();
    EXPECT_EQ(last.uncounted_bytes, 0U);
    EXPECT_EQ(last.counted, 2U);
}

// 263 bytes of header: its length must not be cut off.
TEST(dissector, the_longest_binary_header_is_kept) {
    const std::string header = std::string(255, 'x') + std::string(7, '\0') + '\x02';
    const auto found = dissect(framing_of("u64be,offset=255"), {header + "hi"});
    EXPECT_EQ(found.frames.back().header, header);
}

TEST(dissector, bytes_held_back_before_a_chunk_are_told_with_it) {
    dissector receiver(framing_of("delimiter:aab"), 100);
    EXPECT_EQ(receiver.receive("xaa").back().held, "");
    const auto next = receiver.receive("ac").back();
    EXPECT_EQ(next.held, "aa");
    EXPECT_EQ(next.payload, "xaaac");
}

}  // namespace
}  // namespace framewire::dissector_tests
