#include "check/check_case.hpp"
#include "check/selection.hpp"
#include "check/subject.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::catalogue_tests {
namespace {

check_subject subject_of(std::string_view spec, std::string_view service = "echo",
                         const std::vector<std::string>& messages = {}) {
    const auto frames = framing::parse(spec);
    EXPECT_TRUE(frames) << spec;
    auto made = check_subject::make(*frames, service, messages);
    EXPECT_TRUE(made) << made.error().message();
    return *std::move(made);
}

const check_case* find_case(const std::vector<check_case>& all, std::string_view name) {
    const auto found = std::ranges::find(all, name, [](const auto& one) { return one.row->name; });
    return found == all.end() ? nullptr : &*found;
}

// What the scripts of a case say about themselves.
std::vector<std::string> scripts_of(std::string_view spec, std::string_view name) {
    std::vector<std::string> all;
    const auto cases = make_cases(subject_of(spec));
    if (const auto* one = find_case(cases, name); one != nullptr) {
        for (const auto& script : one->scripts) all.push_back(script.how);
    }
    return all;
}

// All bytes that a script sends.
std::string sent_by(const check_script& script) {
    std::string all;
    for (const auto& step : script.steps) all += step.data;
    return all;
}

using texts = std::vector<std::string>;

TEST(check_catalogue, has_numbers_in_order_and_names_of_one_kind_each) {
    std::uint32_t last = 0;
    std::set<std::string_view> names;
    for (const auto& row : check_catalogue()) {
        EXPECT_GT(row.number, last) << row.name;
        last = row.number;
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
        EXPECT_EQ(std::ranges::count(row.name, '.'), 1) << row.name;
        for (const auto text : {row.rule, row.advice}) {
            EXPECT_TRUE(text.ends_with('.')) << row.name << ": " << text;
        }
        EXPECT_FALSE(row.source.empty()) << row.name;
    }
    EXPECT_GT(names.size(), 40U);
}

TEST(check_cases, cut_a_stream_of_two_messages_at_every_byte) {
    const auto cases = make_cases(subject_of("digits:1"));
    const auto* const split = find_case(cases, "pieces.split");
    ASSERT_NE(split, nullptr);
    const auto stream = sent_by(split->scripts.front());
    EXPECT_EQ(stream, "9message 09message 1");
    ASSERT_EQ(split->scripts.size(), stream.size() - 1);
    for (std::size_t i = 0; i < split->scripts.size(); ++i) {
        EXPECT_EQ(split->scripts[i].steps.front().cuts, std::vector<std::size_t>{i + 1});
    }
}

TEST(check_cases, cut_long_streams_at_many_bytes) {
    const auto scripts = scripts_of("fixed:300", "pieces.split");
    EXPECT_EQ(scripts.size(), 150U);
    EXPECT_EQ(scripts.front(), "cut before byte 1");
}

TEST(check_cases, are_those_of_the_framing) {
    EXPECT_EQ(scripts_of("digits:4", "length.plus"), texts{"a plus sign"});
    EXPECT_EQ(scripts_of("u32be", "length.plus"), texts{});
    EXPECT_EQ(scripts_of("line", "length.plus"), texts{});
    EXPECT_EQ(scripts_of("u32be,max=64", "length.negative").size(), 2U);
    EXPECT_EQ(scripts_of("varint", "length.varint").size(), 3U);
    EXPECT_EQ(scripts_of("mllp", "frame.start").size(), 2U);
    EXPECT_EQ(scripts_of("netstring", "frame.end").size(), 2U);
    EXPECT_EQ(scripts_of("line,max=9", "frame.no-end").size(), 1U);
    EXPECT_GE(scripts_of("content-length", "length.fields").size(), 4U);
    EXPECT_EQ(scripts_of("u16be,adjust=-2", "length.below-header").size(), 2U);
    EXPECT_EQ(scripts_of("bcd:2", "length.bcd").size(), 1U);
}

TEST(check_cases, spoil_frames_as_they_say) {
    const auto cases = make_cases(subject_of("digits:4"));
    EXPECT_EQ(sent_by(find_case(cases, "length.plus")->scripts.front()), "0005Hello+005Hello");
    EXPECT_EQ(sent_by(find_case(cases, "length.minus")->scripts.front()), "0005Hello-005Hello");
    EXPECT_EQ(sent_by(find_case(cases, "length.underscore")->scripts.front()),
              "0005Hello00_5Hello");
    const auto padded = make_cases(subject_of("digits:4,pad=space"));
    EXPECT_EQ(sent_by(find_case(padded, "length.plus")->scripts.front()), "5   Hello+5  Hello");
    const auto fields = make_cases(subject_of("content-length"));
    EXPECT_EQ(sent_by(find_case(fields, "length.plus")->scripts.front()),
              "Content-Length: 5\r\n\r\nHelloContent-Length: +5\r\n\r\nHello");
}

// For instance, right-padded lengths are right where they are padded with spaces on the right.
TEST(check_cases, send_nothing_as_wrong_that_our_decoder_takes) {
    for (const std::string_view spec :
         {"digits:4", "digits:4,pad=space", "digits:4,pad=left-space", "netstring", "octet-count",
          "content-length", "u16be"}) {
        const auto frames = framing::parse(spec);
        for (const auto& one : make_cases(subject_of(spec))) {
            if (!one.row->name.starts_with("length.")) continue;
            for (const auto& script : one.scripts) {
                const auto found = read_stream(*frames, sent_by(script));
                EXPECT_EQ(found.payloads, texts{"Hello"}) << spec << ": " << script.how;
                EXPECT_TRUE(found.error || found.is_incomplete) << spec << ": " << script.how;
            }
        }
    }
}

TEST(check_cases, send_the_largest_message_and_one_byte_more) {
    const auto cases = make_cases(subject_of("digits:4,max=12"));
    const auto* const largest = find_case(cases, "payload.largest");
    ASSERT_NE(largest, nullptr);
    EXPECT_TRUE(sent_by(largest->scripts.front()).starts_with("0012000000.00000"));
    const auto* const too_large = find_case(cases, "payload.too-large");
    ASSERT_NE(too_large, nullptr);
    EXPECT_TRUE(sent_by(too_large->scripts.front()).starts_with("0013000000.000001"));
}

TEST(check_cases, say_why_they_are_skipped) {
    const auto cases = make_cases(subject_of("digits:4"));
    EXPECT_NE(find_case(cases, "payload.too-large")->skipped.find("max"), std::string::npos);
    const auto once = make_cases(subject_of("fixed:16", "reply:Goodbye, client!,close"));
    EXPECT_NE(find_case(once, "load.pipelined")->skipped.find("first reply") == std::string::npos
                  ? find_case(once, "load.pipelined")->skipped.find("one reply")
                  : 0,
              std::string::npos);
}

TEST(check_cases, send_only_messages_that_were_given) {
    const texts given{"MSH|1", "MSH|2"};
    const auto cases = make_cases(subject_of("mllp", "any", given));
    EXPECT_EQ(sent_by(find_case(cases, "pieces.split")->scripts.front()),
              "\x0bMSH|1\x1c\r\x0bMSH|2\x1c\r");
    EXPECT_TRUE(find_case(cases, "payload.binary")->scripts.empty());
}

TEST(check_subject, reads_services) {
    EXPECT_EQ(subject_of("line").service, replying::echo);
    EXPECT_EQ(subject_of("line", "echo,until=exit").service, replying::echo);
    EXPECT_EQ(subject_of("line", "any").service, replying::any);
    EXPECT_EQ(subject_of("line", "acknowledge").text, "Message received successfully....");
    EXPECT_EQ(subject_of("line", "acknowledge:OK,until=exit").text, "OK");
    const auto once = subject_of("line", "reply:Bye,close");
    EXPECT_EQ(once.text, "Bye");
    EXPECT_TRUE(once.has_one_exchange);
}

std::string refusal_of(std::string_view spec, std::string_view service,
                       const texts& messages = {}) {
    const auto made = check_subject::make(*framing::parse(spec), service, messages);
    return made ? "" : made.error().message();
}

TEST(check_subject, refuses_what_cannot_be_checked) {
    EXPECT_EQ(refusal_of("line", "relay"), "service 'relay' cannot be checked");
    EXPECT_EQ(refusal_of("fixed:4", "acknowledge:OK"), "'fixed:4' does not carry the reply 'OK'");
    EXPECT_EQ(refusal_of("raw", "acknowledge:OK"),
              "without framing, replies of a text cannot be counted");
    EXPECT_EQ(refusal_of("eof", "echo"), "no message is known that 'eof' carries there and back");
    EXPECT_EQ(refusal_of("line", "echo", {"a\nb"}), "'line' does not carry the message \"a\\nb\"");
}

TEST(check_selection, takes_numbers_names_and_kinds) {
    check_selection some;
    ASSERT_TRUE(some.add_only("102,length"));
    ASSERT_TRUE(some.add_excluded("length.plus"));
    std::vector<std::string_view> names;
    for (const auto& row : check_catalogue()) {
        if (some.has(row)) names.push_back(row.name);
    }
    EXPECT_EQ(names.front(), "pieces.split");
    EXPECT_EQ(names[1], "length.minus");
    EXPECT_EQ(names.back(), "length.bcd");
    const auto unknown = some.add_only("piece");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().hint, "did you mean 'pieces'?");
}

}  // namespace
}  // namespace framewire::catalogue_tests
