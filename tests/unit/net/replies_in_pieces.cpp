#include "recording_observer.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace framewire::tests::replies_in_pieces_tests {
namespace {

// Of bytes that repeat late, so that a lost or doubled chunk shows; none of them is special.
std::string varied(std::size_t size) {
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<char>('A' + (i * 7 + i / 251) % 50);
    return out;
}

void expect_echo(std::string_view framing, const std::string& frame) {
    const running_server serving({.limits = {.assembled_bytes_max = 64 * KiB}},
                                 {.framing = framing});
    auto one = serving.connect();
    std::thread sender([&] { one.send(frame + frame); });
    const auto received = one.receive(2 * frame.size());
    sender.join();
    EXPECT_TRUE(received == frame + frame) << framing;
    EXPECT_EQ(serving.statistics().frames, 2U) << framing;
}

TEST(replies_in_pieces, echo_payloads_that_announce_nothing) {
    const auto payload = varied(3 * MiB);
    expect_echo("line", payload + "\n");
    expect_echo("mllp", "\x0B" + payload + "\x1C\r");
    expect_echo("delimiter:aab", payload + "aab");
}

TEST(replies_in_pieces, echo_payloads_with_something_around_them) {
    const auto payload = varied(3 * MiB);
    const auto size = std::to_string(payload.size());
    expect_echo("netstring", size + ":" + payload + ",");
    expect_echo("content-length", "Content-Length: " + size + "\r\n\r\n" + payload);
    expect_echo("u32be,offset=2,trailer=3",
                std::string("\0\0\0\x30\0\0", 6) + payload + std::string(3, '\0'));
}

TEST(replies_in_pieces, echo_nothing_of_a_line_with_a_cr_at_its_end) {
    const running_server serving({.limits = {.assembled_bytes_max = 5}}, {.framing = "line"});
    auto one = serving.connect();
    one.send("abcdef\r\r\n");
    const auto words = one.receive_to_end();
    EXPECT_EQ(words.how, ending::eof);
    EXPECT_EQ(words.received.find('\n'), std::string::npos);
    EXPECT_TRUE(serving.comes_to_count(errc::frame_delimiter));
}

using answer = std::function<void(outbox&)>;

class answering final : public service {
public:
    explicit answering(answer how) : how_(std::move(how)) {}
    void receive(const piece& /*message*/, outbox& replies) override { how_(replies); }

private:
    answer how_;
};

// The frame that cannot be completed is the last thing that its peer sees.
void expect_the_end(std::string_view framing, std::string_view question, const answer& how,
                    std::string_view received, errc why) {
    recording_observer observer;
    const running_server serving(
        {.observer = &observer},
        {.framing = framing, .service = [&] { return std::make_unique<answering>(how); }});
    auto one = serving.connect();
    one.send(std::string(question) + std::string(question));
    const auto words = one.receive_to_end();
    EXPECT_EQ(words.received, received) << framing;
    EXPECT_EQ(words.how, ending::eof) << framing;
    one.close();
    EXPECT_TRUE(serving.comes_to_have_open(0));
    EXPECT_EQ(serving.failures(why), 1U) << framing;
    EXPECT_TRUE(observer.has("closed 1 " + std::string(error_name(why)))) << framing;
}

TEST(replies_in_pieces, that_outgrow_what_was_announced_end_the_connection) {
    const answer too_much = [](outbox& replies) {
        EXPECT_TRUE(replies.begin(3));
        EXPECT_TRUE(replies.append("ab"));
        EXPECT_FALSE(replies.append("cd"));
    };
    expect_the_end("netstring", "1:x,", too_much, "3:ab", errc::frame_wrong_size);
    expect_the_end("u8,trailer=2", "\1xtt", too_much, "\3ab", errc::frame_wrong_size);
}

TEST(replies_in_pieces, that_end_too_soon_end_the_connection) {
    const answer too_little = [](outbox& replies) {
        EXPECT_TRUE(replies.begin(3));
        EXPECT_TRUE(replies.append("ab"));
        EXPECT_FALSE(replies.end());
    };
    expect_the_end("netstring", "1:x,", too_little, "3:ab", errc::frame_wrong_size);
    expect_the_end("octet-count", "1 x", too_little, "3 ab", errc::frame_wrong_size);
}

TEST(replies_in_pieces, that_contain_what_ends_a_frame_end_the_connection) {
    expect_the_end(
        "line", "x\n",
        [](outbox& replies) {
            EXPECT_TRUE(replies.begin(unknown_length));
            EXPECT_TRUE(replies.append("ab"));
            EXPECT_FALSE(replies.append("c\nd"));
        },
        "ab", errc::frame_delimiter);
    expect_the_end(
        "line", "x\n",
        [](outbox& replies) {
            EXPECT_TRUE(replies.begin(unknown_length));
            EXPECT_TRUE(replies.append("ab\r"));
            EXPECT_FALSE(replies.end());
        },
        "ab\r", errc::frame_delimiter);
}

TEST(replies_in_pieces, that_cannot_be_begun_end_the_connection) {
    const auto beginning = [](std::uint64_t announced) {
        return [=](outbox& replies) { EXPECT_FALSE(replies.begin(announced)); };
    };
    expect_the_end("netstring", "1:x,", beginning(unknown_length), "", errc::frame_wrong_size);
    expect_the_end("u8", "\1x", beginning(256), "", errc::frame_too_large);
    expect_the_end(
        "digits:1,count=chars", "1x",
        [](outbox& replies) {
            EXPECT_TRUE(replies.begin(2));
            EXPECT_TRUE(replies.append("\xC3"));
            EXPECT_FALSE(replies.append("a"));
        },
        "2\xC3", errc::frame_utf8);
}

}  // namespace
}  // namespace framewire::tests::replies_in_pieces_tests
