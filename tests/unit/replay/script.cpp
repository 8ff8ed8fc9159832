#include "replay/script.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/transcript/conversations.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace framewire::script_tests {
namespace {

using kind = script_step::kind;

recorded_lines recorded(const std::string& text) {
    auto all = conversations::parse(text);
    EXPECT_TRUE(all) << all.error().message();
    recorded_lines found{all->framing};
    std::chrono::microseconds at{0};
    for (auto& line : all->lines) {
        at += line.elapsed;
        found.lines.push_back({std::move(line), at});
    }
    return found;
}

std::string words_of(const script_step& step) {
    switch (step.what) {
        case kind::open: return "open";
        case kind::send: return "send " + quote(step.data);
        case kind::end: return "end";
        case kind::reset: return "reset";
        case kind::use: return "use " + step.frames->spec();
        case kind::ignore: return "ignore";
        case kind::expect: break;
    }
    if (step.is_stream) return "expect bytes " + quote(step.data);
    switch (step.expected.what) {
        case arrival::kind::frame:
            return fmt::format("expect {} at {} to {}", quote(step.data), step.expected.offset,
                               step.expected.end);
        case arrival::kind::skipped: return "expect skipped";
        case arrival::kind::finished: return "expect end";
        case arrival::kind::failed: break;
    }
    return fmt::format("expect {}", error_name(step.expected.error.code));
}

// Each step as `TIME CONNECTION WORDS, line N`.
std::vector<std::string> steps_of(const script& all) {
    std::vector<std::string> found;
    for (const auto& step : all.steps) {
        found.push_back(fmt::format("{} {} {}, line {}", step.at.count(),
                                    all.connections.at(step.connection).number, words_of(step),
                                    step.place));
    }
    return found;
}

script script_of(const std::string& text, played_end played = played_end::client) {
    auto made = make_script(recorded(text), played);
    EXPECT_TRUE(made) << made.error().message();
    return *made;
}

constexpr const char* conversation =
    "framing digits:2\n"
    "@ 1500us\n"
    "< \"02hi\"\n"
    "= frame \"hi\" at 0\n"
    "@ 1ms\n"
    "> \"02ho02\"\n"
    "> \"ha\"\n"
    "< eof\n"
    "> eof\n";

TEST(script, of_a_client_sends_what_the_peer_sent) {
    const auto all = script_of(conversation);
    EXPECT_EQ(steps_of(all),
              (std::vector<std::string>{"1500 1 open, line 3", "1500 1 send \"02hi\", line 3",
                                        "2500 1 expect \"02ho\" at 0 to 4, line 6",
                                        "2500 1 expect \"02ha\" at 4 to 8, line 7",
                                        "2500 1 end, line 8", "2500 1 expect end, line 9"}));
    EXPECT_EQ(all.connections.at(0).messages, 1U);
    EXPECT_TRUE(all.remarks.empty());
}

TEST(script, of_a_server_is_the_other_way_round) {
    const auto all = script_of(conversation, played_end::server);
    EXPECT_EQ(steps_of(all), (std::vector<std::string>{
                                 "1500 1 open, line 3", "1500 1 expect \"02hi\" at 0 to 4, line 3",
                                 "2500 1 send \"02ho02\", line 6", "2500 1 send \"ha\", line 7",
                                 "2500 1 expect end, line 8", "2500 1 end, line 9"}));
    EXPECT_EQ(all.connections.at(0).messages, 2U);
}

TEST(script, keeps_the_order_of_several_connections_and_their_framings) {
    const auto all = script_of(
        "framing u8,reply=digits:1\n"
        "< 01 \"a\"\n"
        "connection 3\n"
        "framing line\n"
        "@ 5us\n"
        "< \"b\\n\"\n"
        "framing u8\n"
        "> 01 \"c\"\n"
        "connection 1\n"
        "> \"1d\"\n"
        "> reset\n");
    EXPECT_EQ(steps_of(all),
              (std::vector<std::string>{
                  "0 1 open, line 2", "0 1 send \"\\x01a\", line 2", "0 3 open, line 4",
                  "5 3 send \"b\\n\", line 6", "5 3 use u8, line 7",
                  "5 3 expect \"\\x01c\" at 0 to 2, line 8",
                  "5 1 expect \"1d\" at 0 to 2, line 10", "5 1 expect io.reset, line 11"}));
}

TEST(script, ends_our_stream_where_nobody_knows_when_it_ended) {
    auto all = script_of("framing u8\n< 00\n> eof\nconnection 2\n< eof\n> eof\n");
    add_missing_ends(all);
    EXPECT_EQ(steps_of(all), (std::vector<std::string>{
                                 "0 1 open, line 2", "0 1 send \"\\x00\", line 2",
                                 "0 1 end, line 0", "0 1 expect end, line 3", "0 2 open, line 5",
                                 "0 2 end, line 5", "0 2 expect end, line 6"}));
}

TEST(script, joins_bytes_without_borders) {
    const auto all = script_of("framing raw\n< \"a\"\n> \"b\"\n> \"c\"\n< \"d\"\n> \"e\"\n");
    EXPECT_EQ(steps_of(all),
              (std::vector<std::string>{
                  "0 1 open, line 2", "0 1 send \"a\", line 2", "0 1 expect bytes \"bc\", line 3",
                  "0 1 send \"d\", line 5", "0 1 expect bytes \"e\", line 6"}));
}

TEST(script, expects_nothing_after_missing_bytes) {
    for (const char* missing : {"> gap 9\n", "> \"02\"\n# and 9 more bytes\n"}) {
        const auto all = script_of("framing digits:2\n> \"02hi\"\n" + std::string(missing) +
                                   "> \"02ho\"\n< \"02ha\"\n");
        const auto steps = steps_of(all);
        ASSERT_EQ(steps.size(), 4U) << missing;
        EXPECT_EQ(steps[2].substr(0, 10), "0 1 ignore");
        EXPECT_EQ(steps[3].substr(0, 13), "0 1 send \"02h");
        ASSERT_EQ(all.remarks.size(), 1U);
        EXPECT_TRUE(all.remarks[0].starts_with("connection 1: bytes are missing at line "));
    }
}

TEST(script, cannot_send_missing_bytes) {
    const auto why = [](const std::string& text, played_end played) {
        const auto made = make_script(recorded(text), played);
        return made ? std::string() : made.error().message();
    };
    EXPECT_EQ(why("framing raw\n< gap 3\n", played_end::client),
              "line 2: 3 bytes are missing here, and cannot be sent");
    EXPECT_EQ(why("framing raw\n> gap 3\n", played_end::server),
              "line 2: 3 bytes are missing here, and cannot be sent");
    EXPECT_EQ(why("framing raw\n< \"a\"\n# and 3 more bytes\n", played_end::client),
              "line 3: bytes were left out when this was recorded, and cannot be sent");
    EXPECT_EQ(why("framing raw\n< \"a\"\n# and 3 more sheep\n", played_end::client), "");
}

TEST(script, says_where_a_frame_is_wrong) {
    const auto all = script_of("framing digits:2\n> \"0xhi\"\n");
    ASSERT_EQ(all.remarks.size(), 1U);
    EXPECT_TRUE(all.remarks[0].starts_with("connection 1: a frame is wrong at line 2: "));
}

}  // namespace
}  // namespace framewire::script_tests
