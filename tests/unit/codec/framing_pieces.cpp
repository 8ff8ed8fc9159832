// Frames that are written in pieces: what fits is written as encode would, what does not writes
// nothing.

#include "framewire/codec/framing.hpp"

#include "every_framing.hpp"
#include "random_bytes.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::framing_pieces_tests {
namespace {

using tests::framing_of;
using tests::random_bytes;

// A frame being written; what fails must leave the output as it was.
class writer {
public:
    writer(std::string_view spec, std::uint64_t announced) : framing_(framing_of(spec)) {
        const auto begun = framing_.begin(announced, out_);
        EXPECT_TRUE(begun) << spec;
        if (begun) frame_ = *begun;
    }

    std::optional<errc> append(bytes part) {
        return checked([&] { return framing_.append(frame_, part, out_); });
    }
    std::optional<errc> end() {
        return checked([&] { return framing_.end(frame_, out_); });
    }
    [[nodiscard]] const std::string& out() const { return out_; }

private:
    template <class Act>
    std::optional<errc> checked(Act act) {
        const auto before = out_;
        const auto done = act();
        EXPECT_TRUE(done || out_ == before);
        return done ? std::nullopt : std::optional(done.error());
    }

    framing framing_;
    open_frame frame_;
    std::string out_;
};

// The outcome of each step, the last one being that of `end`.
using outcomes = std::vector<std::optional<errc>>;
constexpr std::optional<errc> fine = std::nullopt;

outcomes write(std::string_view spec, std::uint64_t announced, const std::vector<bytes>& parts) {
    writer one(spec, announced);
    outcomes all;
    for (const auto part : parts) all.push_back(one.append(part));
    all.push_back(one.end());
    return all;
}

std::uint64_t announced_for(const framing& framing, bytes payload) {
    if (!framing.announces_length()) return unknown_length;
    return framing.counts() == counting::in_characters ? count_utf8(payload) : payload.size();
}

TEST(framing_pieces, are_written_as_the_whole_is) {
    random_bytes random(5);
    for (const auto spec : tests::every_framing) {
        const auto framing = framing_of(spec);
        const std::string payload = "h\xC3\xA9llo, w\xC3\xB6rld!\r.";
        ASSERT_EQ(payload.size(), 16U + 1U);
        for (std::size_t size : {16U, 17U, 0U, 1U}) {
            const auto part = payload.substr(0, size);
            std::string whole;
            if (!framing.encode(part, whole)) continue;
            for (int round = 0; round < 20; ++round) {
                writer one(spec, announced_for(framing, part));
                for (std::size_t at = 0; at < size;) {
                    const auto piece = part.substr(at, random.below(5));
                    ASSERT_EQ(one.append(piece), fine) << spec;
                    at += piece.size();
                }
                ASSERT_EQ(one.end(), fine) << spec;
                // Where each piece is a chunk of its own, what matters is what they say.
                if (framing.writes_chunks()) {
                    ASSERT_EQ(tests::read_whole(framing.decoder(), one.out()),
                              tests::read_whole(framing.decoder(), whole));
                    continue;
                }
                ASSERT_EQ(one.out(), whole) << spec;
            }
        }
    }
}

TEST(framing_pieces, a_length_that_is_announced_must_be_known) {
    for (const auto spec : tests::every_framing) {
        const auto framing = framing_of(spec);
        std::string out = "as it was";
        const auto begun = framing.begin(unknown_length, out);
        ASSERT_EQ(begun.has_value(), !framing.announces_length()) << spec;
        if (begun) continue;
        EXPECT_EQ(begun.error(), errc::frame_wrong_size) << spec;
        EXPECT_EQ(out, "as it was") << spec;
    }
    EXPECT_EQ(write("raw", unknown_length, {"ab", "c"}), (outcomes{fine, fine, fine}));
}

TEST(framing_pieces, are_neither_more_nor_less_than_was_announced) {
    for (const auto spec : tests::every_framing) {
        if (!framing_of(spec).announces_length()) continue;
        const std::string fifteen = "fifteen bytes..";
        EXPECT_EQ(write(spec, 16, {fifteen, "x"}), (outcomes{fine, fine, fine})) << spec;
        EXPECT_EQ(write(spec, 16, {fifteen}), (outcomes{fine, errc::frame_wrong_size})) << spec;
        EXPECT_EQ(write(spec, 16, {}), outcomes{errc::frame_wrong_size}) << spec;
        EXPECT_EQ(write(spec, 16, {fifteen, "xy", "x"}),
                  (outcomes{fine, errc::frame_wrong_size, fine, fine}))
            << spec;
        EXPECT_EQ(write(spec, 16, {fifteen, "x", "y"}),
                  (outcomes{fine, fine, errc::frame_wrong_size, fine}))
            << spec;
    }
}

TEST(framing_pieces, hold_to_the_bound_even_where_nothing_is_announced) {
    for (const char* spec : {"line,max=4", "delimiter:x,max=4", "mllp,max=4"}) {
        EXPECT_EQ(write(spec, unknown_length, {"abc", "d"}), (outcomes{fine, fine, fine})) << spec;
        EXPECT_EQ(write(spec, unknown_length, {"abc", "de", "d", "e"}),
                  (outcomes{fine, errc::frame_too_large, fine, errc::frame_too_large, fine}))
            << spec;
    }
    EXPECT_EQ(write("raw,max=4", unknown_length, {"Hello"}), (outcomes{fine, fine}));
    EXPECT_EQ(write("digits:2,count=chars,max=4", 4, {"\xC3\xA9\xC3\xA9", "\xC3"}),
              (outcomes{fine, errc::frame_too_large, errc::frame_wrong_size}));
}

TEST(framing_pieces, a_delimiter_may_not_hide_between_two) {
    using many = std::vector<bytes>;
    const auto delimiter = errc::frame_delimiter;
    EXPECT_EQ(write(R"(delimiter:\r\n)", unknown_length, many{"a\r", "\nb"}),
              (outcomes{fine, delimiter, fine}));
    EXPECT_EQ(write(R"(delimiter:\r\n)", unknown_length, many{"a\r", "", "\r", "\n"}),
              (outcomes{fine, fine, fine, delimiter, fine}));
    EXPECT_EQ(write("delimiter:aab", unknown_length, many{"a", "a", "a", "b"}),
              (outcomes{fine, fine, fine, delimiter, fine}));
    EXPECT_EQ(write("delimiter:aab", unknown_length, many{"a", "ba", "aab", "b"}),
              (outcomes{fine, fine, delimiter, fine, fine}));
    EXPECT_EQ(write("mllp", unknown_length, many{"a", "\x1C", "\x0B", "\r"}),
              (outcomes{fine, delimiter, delimiter, fine, fine}));
    EXPECT_EQ(write("between:<a<b..>", unknown_length, many{"<", "a<", "b", "c", "<a<", "b>"}),
              (outcomes{fine, fine, delimiter, fine, fine, delimiter, fine}));
    EXPECT_EQ(write("line", unknown_length, many{"a", "\n"}), (outcomes{fine, delimiter, fine}));
    EXPECT_EQ(write("line", unknown_length, many{"a\r", "\nb"}),
              (outcomes{fine, delimiter, delimiter}));
}

TEST(framing_pieces, the_end_must_not_complete_a_delimiter_with_what_stands_before_it) {
    EXPECT_EQ(write("line", unknown_length, {"a\r"}), (outcomes{fine, errc::frame_delimiter}));
    EXPECT_EQ(write("line", unknown_length, {"\r", "a"}), (outcomes{fine, fine, fine}));
    EXPECT_EQ(write("delimiter:aa", unknown_length, {"xa"}),
              (outcomes{fine, errc::frame_delimiter}));
    EXPECT_EQ(write("delimiter:abab", unknown_length, {"xa", "b"}),
              (outcomes{fine, fine, errc::frame_delimiter}));
    EXPECT_EQ(write("delimiter:aab", unknown_length, {"xa"}), (outcomes{fine, fine}));
    EXPECT_EQ(write("line,eol=crlf", unknown_length, {"x\r"}), (outcomes{fine, fine}));
}

TEST(framing_pieces, a_character_may_be_split_between_two) {
    const char* spec = "digits:2,count=chars";
    EXPECT_EQ(write(spec, 2, {"a\xE2", "\x82", "\xAC"}), (outcomes{fine, fine, fine, fine}));
    EXPECT_EQ(write(spec, 2, {"a\xE2", "\x82"}), (outcomes{fine, fine, errc::frame_utf8}));
    EXPECT_EQ(write(spec, 2, {"a\xE2", "b"}),
              (outcomes{fine, errc::frame_utf8, errc::frame_utf8}));
    EXPECT_EQ(write(spec, 2, {"a\xFF", "b"}),
              (outcomes{errc::frame_utf8, fine, errc::frame_wrong_size}));
    EXPECT_EQ(write(spec, 2,
                    {"a",
                     "\xE2\x82\xAC"
                     "b",
                     "b"}),
              (outcomes{fine, errc::frame_wrong_size, fine, fine}));
    EXPECT_EQ(write(spec, 3, {"\xC3\xA9", "\xC3\xA9"}),
              (outcomes{fine, fine, errc::frame_wrong_size}));
}

TEST(framing_pieces, a_frame_that_cannot_be_begun_writes_nothing) {
    const auto refused = [](std::string_view spec, std::uint64_t announced) {
        std::string out = "as it was";
        const auto begun = framing_of(spec).begin(announced, out);
        EXPECT_EQ(out, "as it was") << spec;
        return begun ? fine : std::optional(begun.error());
    };
    EXPECT_EQ(refused("u8,magic=ab,offset=3", 256), errc::frame_too_large);
    EXPECT_EQ(refused("tpkt", 65'532), errc::frame_too_large);
    EXPECT_EQ(refused("u8,magic=ab,adjust=+3", 2), errc::frame_wrong_size);
    EXPECT_EQ(refused("varint,max=4", 5), errc::frame_too_large);
    EXPECT_EQ(refused("mllp,max=4", 5), errc::frame_too_large);
    EXPECT_EQ(refused("fixed:4", 5), errc::frame_wrong_size);
    EXPECT_EQ(refused("lsp", 10'000'000'000), errc::frame_too_large);
}

TEST(framing, unframed_pieces_have_no_size_to_exceed) {
    for (const std::uint64_t announced : {std::uint64_t{3}, std::uint64_t{9}, unknown_length}) {
        std::string out;
        auto frame = framing_of("raw,max=4").begin(announced, out);
        ASSERT_TRUE(frame);
        EXPECT_TRUE(framing_of("raw,max=4").append(*frame, "Hello", out));
        EXPECT_EQ(out, "Hello");
    }
}

TEST(framing, raw_must_let_something_pass) {
    for (const char* spec : {"raw,max=0", "raw,max=x", "line,max=x"}) {
        const auto parsed = framing::parse(spec);
        ASSERT_FALSE(parsed) << spec;
        EXPECT_NE(parsed.error().message().find("expected a size such as 64KiB"),
                  std::string::npos);
    }
    for (const char* spec : {"raw,max=1", "line,max=0"}) EXPECT_TRUE(framing::parse(spec)) << spec;
}

}  // namespace
}  // namespace framewire::framing_pieces_tests
