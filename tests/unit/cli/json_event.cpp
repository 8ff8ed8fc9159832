#include "cli/json_event.hpp"

#include "cli/json_log.hpp"
#include "cli/remark.hpp"
#include "cli/timestamp.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace framewire::json_event_tests {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;
using clock = std::chrono::system_clock;

std::string line_of(json_event happened) {
    happened.time.reset();
    return json_line(happened);
}

TEST(timestamp, is_utc_with_microseconds) {
    EXPECT_EQ(timestamp(clock::time_point(seconds(1'795'871'794) + microseconds(123'456))).text(),
              "2026-11-28T13:16:34.123456Z");
    EXPECT_EQ(timestamp(clock::time_point{}).text(), "1970-01-01T00:00:00.000000Z");
    EXPECT_EQ(timestamp(clock::time_point(-microseconds(1))).text(),
              "1969-12-31T23:59:59.999999Z");
}

TEST(timestamp, is_before_each_line) {
    const timestamp at(clock::time_point{});
    EXPECT_EQ(with_timestamps("", at), "");
    EXPECT_EQ(with_timestamps("a\n\nb", at),
              "1970-01-01T00:00:00.000000Z a\n"
              "1970-01-01T00:00:00.000000Z \n"
              "1970-01-01T00:00:00.000000Z b");
}

TEST(json_line, omits_what_is_absent) {
    EXPECT_EQ(line_of({.event = "closed"}), "{\"event\":\"closed\"}\n");
    EXPECT_EQ(line_of({.event = "frame", .offset = 0, .size = 0, .payload = ""}),
              "{\"event\":\"frame\",\"offset\":0,\"size\":0,\"payload\":\"\"}\n");
    EXPECT_TRUE(json_line({.event = "ended"}).starts_with("{\"time\":\"2"));
}

TEST(json_line, escapes_what_is_not_seen) {
    EXPECT_EQ(line_of({.event = "x", .message = "\"\\\n\r\t\x1b\x7f\xC2\x9B\xE2\x80\xAE"}),
              "{\"event\":\"x\",\"message\":"
              "\"\\\"\\\\\\n\\r\\t\\u001b\\u007f\\u009b\\u202e\"}\n");
    EXPECT_EQ(line_of({.event = "x", .message = "\xF3\xA0\x81\x81 \xF0\x9F\x8E\x89"}),
              "{\"event\":\"x\",\"message\":\"\\udb40\\udc41 \xF0\x9F\x8E\x89\"}\n");
}

TEST(json_line, replaces_what_is_no_text_in_words_for_people) {
    EXPECT_EQ(line_of({.event = "x", .message = "a\xFF\xC3"}),
              "{\"event\":\"x\",\"message\":\"a\\ufffd\\ufffd\"}\n");
}

TEST(json_line, has_bytes_in_base64) {
    const auto of = [](bytes payload) { return line_of({.event = "x", .payload = payload}); };
    EXPECT_EQ(of("\xFF"), "{\"event\":\"x\",\"payload_base64\":\"/w==\"}\n");
    EXPECT_EQ(of("\xFF\xFE"), "{\"event\":\"x\",\"payload_base64\":\"//4=\"}\n");
    EXPECT_EQ(of("\xFF\xFE\xFD"), "{\"event\":\"x\",\"payload_base64\":\"//79\"}\n");
    EXPECT_EQ(of("\xFFhello"), "{\"event\":\"x\",\"payload_base64\":\"/2hlbGxv\"}\n");
}

TEST(json_line, ends_a_truncated_text_between_characters) {
    EXPECT_EQ(line_of({.event = "x", .size = 3, .payload = "a\xC3"}),
              "{\"event\":\"x\",\"size\":3,\"payload\":\"a\",\"truncated\":true}\n");
    EXPECT_EQ(line_of({.event = "x", .size = 2, .payload = "a\xC3"}),
              "{\"event\":\"x\",\"size\":2,\"payload_base64\":\"YcM=\"}\n");
}

TEST(json_failure, takes_an_error_from_words) {
    const auto of = [](const char* words) {
        const auto line = json_failure({words});
        return line.substr(line.find("\"event\""));
    };
    EXPECT_EQ(of("io.timeout_reply: no reply within 5s"),
              "\"event\":\"failed\",\"error\":\"io.timeout_reply\","
              "\"message\":\"no reply within 5s\"}\n");
    EXPECT_EQ(of("frame.syntax at 12: \"x: y\""),
              "\"event\":\"failed\",\"offset\":12,\"error\":\"frame.syntax\","
              "\"message\":\"\\\"x: y\\\"\"}\n");
    for (const auto* words : {"cannot connect", "io.reset", "io.reset at x: y", "io.reset at 1"}) {
        EXPECT_EQ(of(words), "\"event\":\"failed\",\"message\":\"" + std::string(words) + "\"}\n");
    }
}

TEST(remark, is_a_comment_or_an_event) {
    EXPECT_EQ(remark(remark_format::comment, 1, "why").text(), "# 1 line left out: why\n");
    const remark missing(remark_format::event, UINT64_MAX, "they could not be written");
    EXPECT_TRUE(
        missing.text().ends_with(",\"event\":\"left_out\",\"count\":18446744073709551615,"
                                 "\"message\":\"they could not be written\"}\n"))
        << missing.text();
}

class log_of_a_client : public testing::Test {
protected:
    std::vector<std::string> lines;
    json_log log{*framing::parse("u8"),
                 {.opened = json_log::settings::opened_by::us,
                  .shown_bytes_max = 4,
                  .write = [this](std::string_view line) {
                      lines.emplace_back(line.substr(line.find("\"event\"")));
                  }}};
    const peer server{1, {.host = "::1", .port = 2}, {.host = "::1", .port = 7}};
};

TEST_F(log_of_a_client, names_the_end_that_connected_first) {
    log.on(server, occurred::opened{});
    log.on(server, occurred::dropped{3});
    EXPECT_EQ(lines, (std::vector<std::string>{
                         "\"event\":\"connected\",\"connection\":1,\"from\":\"[::1]:2\","
                         "\"to\":\"[::1]:7\"}\n",
                         "\"event\":\"dropped\",\"connection\":1,\"from\":\"[::1]:2\","
                         "\"to\":\"[::1]:7\",\"direction\":\"sent\",\"count\":3}\n"}));
}

TEST_F(log_of_a_client, finds_frames_in_what_is_sent) {
    log.on(server, occurred::sent_bytes{"\2h"});
    EXPECT_TRUE(lines.empty());
    log.on(server, occurred::sent_bytes{"i\6longer\1"});
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_NE(lines[0].find("\"offset\":0,\"size\":2,\"payload\":\"hi\""), std::string::npos);
    EXPECT_NE(lines[1].find("\"offset\":3,\"size\":6,\"payload\":\"long\",\"truncated\":true"),
              std::string::npos);
}

TEST_F(log_of_a_client, has_the_error_of_its_end) {
    const wire_error error{errc::io_reset, 3, ""};
    log.on(server, occurred::closed{{close_reason::kind::by_error, &error}});
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_TRUE(
        lines[0].ends_with("\"offset\":3,\"reason\":\"error\",\"error\":\"io.reset\","
                           "\"message\":\"the peer reset the connection\"}\n"))
        << lines[0];
}

}  // namespace
}  // namespace framewire::json_event_tests
