#include "framewire/codec/content_length.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <cctype>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::content_length_tests {
namespace {

using tests::encoded;
using tests::failure;
using tests::frames;
using tests::framing_of;
using tests::message;
using tests::read;
using tests::read_byte_by_byte;
using tests::read_whole;
using tests::stream_reader;
using tests::truncation;

constexpr const char* spec = "content-length";

TEST(content_length, frames_look_like_this) {
    EXPECT_EQ(encoded(spec, "{}"), "Content-Length: 2\r\n\r\n{}");
    EXPECT_EQ(encoded(spec, ""), "Content-Length: 0\r\n\r\n");
    EXPECT_EQ(read(spec,
                   "Content-Length: 2\r\n\r\n{}Content-Length: 0\r\n\r\n"
                   "Content-Length: 10\r\n\r\n0123456789"),
              frames({{"{}", 0}, {"", 23}, {"0123456789", 44}}));
}

TEST(content_length, other_fields_are_dropped) {
    EXPECT_EQ(read(spec,
                   "Content-Type: x/y; charset=utf-8\r\nContent-Length: 2\r\nA: \r\n"
                   "z9!#$%&'*+.^_`|~-: \t\xC3\xA9 :\r\n\r\nhiContent-Length: 1\r\n\r\na"),
              frames({{"hi", 0}, {"a", 88}}));
    EXPECT_EQ(read("content-length,max=2,oversize=skip",
                   "A: b\r\nContent-Length: 3\r\n\r\nabcContent-Length: 2\r\n\r\nhi"),
              frames({{"", 0, true}, {"hi", 30}}));
}

// The bytes that are valid in a place, and the error for all others.
struct place {
    const char* front;  // leads there
    std::function<bool(char)> accepts;
    errc otherwise;
    std::string_view length_missing = "";  // where this is `frame.length_syntax` instead
};

bool is_token(char byte) {
    return std::isalnum(static_cast<unsigned char>(byte)) != 0 ||
           std::string_view("!#$%&'*+.^_`|~-").find(byte) != std::string_view::npos;
}
bool is_letter(char byte) { return std::isalpha(static_cast<unsigned char>(byte)) != 0; }
bool is_digit(char byte) { return std::isdigit(static_cast<unsigned char>(byte)) != 0; }
bool is_text(char byte) {
    return byte == '\t' || (std::iscntrl(static_cast<unsigned char>(byte)) == 0);
}

std::vector<place> places() {
    const auto only = [](std::string_view choices) {
        return [=](char byte) { return choices.find(byte) != std::string_view::npos; };
    };
    const auto name = [](char byte) { return is_token(byte) || byte == ':'; };
    const auto number = [](char byte) { return is_digit(byte) || byte == '\r'; };
    const auto value = [](char byte) { return is_text(byte) || byte == '\r'; };
    const auto next_line = [](char byte) { return is_letter(byte) || byte == '\r'; };
    return {
        {"", is_letter, errc::frame_syntax, "\r"},
        {"A: b\r\n", is_letter, errc::frame_syntax, "\r"},
        {"Content-Length: 5\r\n", next_line, errc::frame_syntax},
        {"Content-Length: 5\r\nA: b\r\n", next_line, errc::frame_syntax},
        {"C", name, errc::frame_syntax},
        {"A!", name, errc::frame_syntax},
        {"Content-Length", name, errc::frame_syntax},
        {"Content-Length: 5\r\nContent-Length", name, errc::frame_syntax, ":"},
        {"A:", only(" "), errc::frame_syntax},
        {"Content-Lengt:", only(" "), errc::frame_syntax},
        {"Content-Length:", only(" "), errc::frame_length_syntax},
        {"Content-Length: ", is_digit, errc::frame_length_syntax},
        {"Content-Length: 5", number, errc::frame_length_syntax},
        {"Content-Length: 123456789", number, errc::frame_length_syntax},
        {"Content-Length: 0", only("\r"), errc::frame_length_syntax},
        {"Content-Length: 1234567890", only("\r"), errc::frame_length_syntax},
        {"Content-Length: 5\r", only("\n"), errc::frame_syntax},
        {"Content-Length: 5\r\n\r", only("\n"), errc::frame_syntax},
        {"A: ", value, errc::frame_syntax},
        {"A: b", value, errc::frame_syntax},
        {"A: b\r", only("\n"), errc::frame_syntax},
        {"Content-Length: 5\r\nA: b\r\n\r", only("\n"), errc::frame_syntax},
    };
}

TEST(content_length, every_byte_in_every_place) {
    const auto decoder = framing_of(spec).decoder();
    for (const auto& [front, accepts, otherwise, length_missing] : places()) {
        for (unsigned value = 0; value < 256; ++value) {
            const auto byte = static_cast<char>(value);
            const auto stream = std::string(front) + byte;
            const bool missing = length_missing.find(byte) != std::string_view::npos;
            const auto offset = std::string_view(front).size();
            auto expected = failure(errc::frame_truncated, stream.size());
            if (missing) {
                expected = failure(errc::frame_length_syntax, offset);
            } else if (!accepts(byte)) {
                expected = failure(otherwise, offset);
            }
            ASSERT_EQ(read_whole(decoder, stream), expected) << testing::PrintToString(stream);
            ASSERT_EQ(read_byte_by_byte(decoder, stream), expected);
        }
    }
}

TEST(content_length, its_name_may_be_written_in_any_case) {
    const std::string right = "Content-Length";
    std::vector<std::string> names{right, "content-length", "CONTENT-LENGTH", "cOnTeNt-LeNgTh"};
    for (std::size_t i = 0; i < right.size(); ++i) {
        if (right[i] == '-') continue;
        names.push_back(right);
        names.back()[i] = static_cast<char>(right[i] ^ 0x20);
    }
    for (const auto& name : names) {
        EXPECT_EQ(read(spec, name + ": 2\r\n\r\nhi"), frames({{"hi", 0}})) << name;
        const auto second = "Content-Length: 2\r\n" + name;
        EXPECT_EQ(read(spec, second + ": 2\r\n\r\nhi"),
                  failure(errc::frame_length_syntax, second.size()))
            << name;
    }
}

// An empty line then ends a header without a length.
TEST(content_length, a_name_that_is_nearly_it_is_another_field) {
    const std::string right = "Content-Length";
    std::vector<std::string> nearly{right + "s", right + right, "X" + right, right + "-Length"};
    for (std::size_t i = 0; i < right.size(); ++i) {
        nearly.push_back(right);
        ++nearly.back()[i];
        nearly.push_back(right.substr(0, i) + right.substr(i + 1));
        if (i > 0) nearly.push_back(right.substr(0, i));
    }
    for (const auto& name : nearly) {
        const auto header = name + ": 2\r\n";
        EXPECT_EQ(read(spec, header + "\r\nhi"), failure(errc::frame_length_syntax, header.size()))
            << name;
        EXPECT_EQ(read(spec, header + "\r\nhi, and more of it"),
                  failure(errc::frame_length_syntax, header.size()))
            << name;
        EXPECT_EQ(read(spec, "Content-Length: 0\r\n" + name + ": 2\r\n\r\n"), frames({{"", 0}}))
            << name;
    }
}

TEST(content_length, its_value_is_a_plain_number_of_at_most_ten_digits) {
    const std::string name = "Content-Length: ";
    for (const auto& [value, wrong] : {std::pair{"00", 1U},
                                       {"05", 1U},
                                       {"+5", 0U},
                                       {"-5", 0U},
                                       {" 5", 0U},
                                       {"5 ", 1U},
                                       {"5,5", 1U},
                                       {"0x5", 1U},
                                       {"x", 0U},
                                       {"", 0U},
                                       {"12345678901", 10U},
                                       {"99999999999", 10U}}) {
        const auto stream = name + value + "\r\n\r\nbytes enough to read it at once";
        EXPECT_EQ(read(spec, stream), failure(errc::frame_length_syntax, name.size() + wrong))
            << value;
    }
    EXPECT_EQ(read(spec, name + "9999999999\r\n\r\n"), failure(errc::frame_truncated, 30));
}

TEST(content_length, too_large_is_said_at_the_digit_that_makes_it_so) {
    // A length, and how many of its digits decide that it is above 64; 0 if it is not.
    for (const auto& [value, deciding] : {std::pair{"64", 0U},
                                          {"65", 2U},
                                          {"640", 3U},
                                          {"7", 0U},
                                          {"70", 2U},
                                          {"9999999999", 2U}}) {
        const auto text = "Content-Length: " + std::string(value);
        const auto decides = deciding == 0 ? text.size() : 16 + deciding - 1;
        stream_reader reader(framing_of("content-length,max=64").decoder());
        EXPECT_TRUE(reader.feed(text.substr(0, decides))) << value;
        if (deciding == 0) continue;
        EXPECT_FALSE(reader.feed(text.substr(decides, 1))) << value;
        EXPECT_EQ(reader.end(), failure(errc::frame_too_large, 0)) << value;
    }
    EXPECT_EQ(read("content-length,max=4", "Content-Length: 0\r\n\r\nContent-Length: 5\r\n"),
              failure(errc::frame_too_large, 21, {{"", 0}}));
}

TEST(content_length, a_header_has_at_most_4096_bytes) {
    const std::string end = "\r\nContent-Length: 1\r\n\r\n";
    const auto padded = [&](std::size_t size) {
        return "A: " + std::string(size - 3 - end.size(), 'x') + end;
    };
    const auto header = [](const std::string& stream) {
        stream_reader reader(framing_of(spec).decoder());
        reader.feed(stream);
        return reader.end();
    };
    EXPECT_EQ(header(padded(4096) + "z"), frames({{"z", 0}}));
    EXPECT_EQ(header(padded(4096) + "z" + padded(4096) + "y"), frames({{"z", 0}, {"y", 4097}}));
    for (const std::size_t size : {4097U, 4098U, 4100U, 5000U, 70'000U}) {
        EXPECT_EQ(header(padded(size) + "z"), failure(errc::frame_syntax, 4096)) << size;
        EXPECT_EQ(header(padded(30) + "z" + padded(size) + "z"),
                  failure(errc::frame_syntax, 4096 + 31, {{"z", 0}}));
    }
    EXPECT_EQ(read_byte_by_byte(framing_of(spec).decoder(), std::string(5000, 'a')),
              failure(errc::frame_syntax, 4096));
}

TEST(content_length, knows_where_it_stands) {
    stream_reader reader(framing_of(spec).decoder());
    const auto expect = [&](bytes input, frame_phase phase, std::uint64_t offset,
                            std::uint64_t wanted) {
        EXPECT_TRUE(reader.feed(input));
        EXPECT_EQ(reader.decoder().phase(), phase) << offset;
        EXPECT_EQ(reader.decoder().offset(), offset);
        EXPECT_EQ(reader.wanted(), wanted) << offset;
    };
    expect("", frame_phase::between_frames, 0, 21);
    expect("A", frame_phase::header, 1, 1);
    expect(": ", frame_phase::header, 3, 1);
    expect("\r", frame_phase::header, 4, 3);
    expect("\n", frame_phase::header, 5, 1);
    expect("Content-Length: 5", frame_phase::header, 22, 1);
    expect("\r", frame_phase::header, 23, 3);
    expect("\n", frame_phase::header, 24, 2);
    expect("\r", frame_phase::header, 25, 1);
    expect("\nHel", frame_phase::payload, 29, 2);
    expect("lo", frame_phase::between_frames, 31, 21);
    EXPECT_EQ(reader.decoder().frame_offset(), 0U);
    EXPECT_TRUE(reader.feed("C"));
    EXPECT_EQ(reader.decoder().frame_offset(), 31U);
}

TEST(content_length, says_what_was_expected_and_what_is_missing) {
    EXPECT_EQ(message(spec, "\1\2\3\4"),
              "frame.syntax at 0: \"\\x01\\x02\\x03\\x04\" where header fields with one "
              "Content-Length were expected");
    EXPECT_TRUE(
        message("content-length,max=4", "Content-Length: 12")
            .starts_with("frame.too_large at 0: \"Content-Length: 12\" announces more than "
                         "the 4 bytes allowed"));
    EXPECT_EQ(truncation(spec, "Content-Length: 2\r\n\r\nh"),
              "frame.truncated at 22: was expecting 2 bytes but only received 1 bytes before the "
              "socket closed");
    EXPECT_EQ(truncation(spec, "Content-Length: 2\r\n"),
              "frame.truncated at 19: the stream ended after 19 of 21 header bytes: "
              "\"Content-Length: 2\\r\\n\"");
}

}  // namespace
}  // namespace framewire::content_length_tests
