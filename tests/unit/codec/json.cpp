#include "framewire/codec/json.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::json_tests {
namespace {

using namespace std::string_view_literals;
using tests::encoded;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;
using tests::refusal;
using tests::truncation;
using offsets = std::initializer_list<std::pair<bytes, std::uint64_t>>;

TEST(json, a_payload_is_one_text) {
    for (const std::string text :
         {"{}", "[]", "\"\"", "true", "false", "null", "{\"a\":1}", "[1,2.5,-3e10]", "[ ]", "{ }",
          "[ 1 , [ ] , { \"a\" : null } ]", R"("\"\\\/\b\f\n\r\t\u00e9\uABCD")",
          "\"\xC3\xA9\xFF\"", "[0,-0,10,0.5,1E9,1e+9,1e-09]", "{\"a\":{\"b\":[]},\"c\":\"d\"}",
          "[\"\x7f\"]", "{\"a\" :true}", "[{},[]]", "[\n\t\r true\n]"}) {
        EXPECT_EQ(read("json", text + " \n\t\r" + text + text),
                  frames({{text, 0}, {text, text.size() + 4}, {text, 2 * text.size() + 4}}));
        EXPECT_EQ(encoded("json", text), text);
        EXPECT_EQ(refusal("json", text.substr(0, text.size() - 1)), errc::frame_wrong_size);
        EXPECT_EQ(refusal("json", text + text), errc::frame_wrong_size);
        EXPECT_EQ(refusal("json", text + " "), errc::frame_wrong_size);
        EXPECT_EQ(refusal("json", " " + text), errc::frame_syntax);
    }
}

TEST(json, a_number_ends_at_white_space) {
    EXPECT_EQ(read("json", "12 -0.5e+7\n0\r1E2\t[]"),
              frames({{"12", 0}, {"-0.5e+7", 3}, {"0", 11}, {"1E2", 13}, {"[]", 17}}));
    for (const auto* number : {"0", "12", "-1", "1.25", "1e5", "2E-07"}) {
        EXPECT_EQ(encoded("json", number), number + std::string("\n"));
        EXPECT_EQ(truncation("json", number).substr(0, 15), "frame.truncated");
    }
    for (const auto* part : {"-", "1.", "1e", "1e+"}) {
        EXPECT_EQ(refusal("json", part), errc::frame_wrong_size);
    }
    EXPECT_EQ(refusal("json", "1\n"), errc::frame_wrong_size);
    EXPECT_EQ(refusal("json", "1 2"), errc::frame_wrong_size);
}

TEST(json, refuses_what_is_no_text) {
    for (const auto& [stream, offset] : offsets{{"x", 0},
                                                {"}", 0},
                                                {"]", 0},
                                                {",", 0},
                                                {"01 ", 1},
                                                {"-a", 1},
                                                {"1.a", 2},
                                                {"1ea", 2},
                                                {"1e+a", 3},
                                                {"1[]", 1},
                                                {"1.5.", 3},
                                                {"1e5e", 3},
                                                {"+1 ", 0},
                                                {".5 ", 0},
                                                {"tru ", 3},
                                                {"nul1", 3},
                                                {"fals\0"sv, 4},
                                                {"[1 2]", 3},
                                                {"[,", 1},
                                                {"[1,]", 3},
                                                {"{,", 1},
                                                {"{1", 1},
                                                {"{\"a\"1", 4},
                                                {"{\"a\":}", 5},
                                                {"{\"a\":1,}", 7},
                                                {"{\"a\":1]", 6},
                                                {"[1}", 2},
                                                {"\"\n\"", 1},
                                                {"\"\0"sv, 1},
                                                {R"("\x)", 2},
                                                {R"("\)"
                                                 "\0"sv,
                                                 2},
                                                {R"("\u00g)", 5},
                                                {R"("\u00G)", 5},
                                                {R"("\u00:)", 5},
                                                {"[1.]", 3},
                                                {"[-]", 2},
                                                {"[1e]", 3},
                                                {"{\"a\":1 \"b\"", 7},
                                                {"[01]", 2},
                                                {"\xEF\xBB\xBF{}", 0}}) {
        EXPECT_EQ(read("json", stream), failure(errc::frame_syntax, offset)) << stream;
        EXPECT_TRUE(refusal("json", stream)) << stream;
    }
}

TEST(json, nesting_is_128_deep) {
    const auto decoder = tests::framing_of("json").decoder();
    const auto whole = std::string(128, '[') + std::string(128, ']');
    EXPECT_EQ(tests::read_whole(decoder, whole), frames({{whole, 0}}));
    EXPECT_EQ(tests::read_whole(decoder, std::string(129, '[')), failure(errc::frame_syntax, 128));
    EXPECT_EQ(message("json", std::string(129, '[')),
              R"(frame.syntax at 128: "[" where no deeper nesting than 128 was expected)");
}

TEST(json, sizes_are_those_of_the_payload) {
    EXPECT_EQ(read("json,max=2", "  12 [] {}"), frames({{"12", 2}, {"[]", 5}, {"{}", 8}}));
    EXPECT_EQ(read("json,max=2", "  123 "), failure(errc::frame_too_large, 2));
    EXPECT_EQ(read("json,max=2", "[  "), failure(errc::frame_too_large, 0));
    EXPECT_EQ(read("json,max=2,oversize=skip", "123 [1]12 "),
              frames({{"", 0, true}, {"", 4, true}, {"12", 7}}));
}

TEST(json, errors_name_what_was_expected) {
    for (const auto& [stream, expected] :
         std::initializer_list<std::pair<bytes, std::string_view>>{
             {"x", "a JSON value"},
             {"[x", "a JSON value"},
             {"{x", "a key in quotation marks"},
             {"{\"a\":1,x", "a key in quotation marks"},
             {"{\"a\"x", "a colon"},
             {"[1 x", "a comma or ]"},
             {"{\"a\":1 x", "a comma or }"},
             {"[1,x", "a JSON value"},
             {"\"\n", "the rest of a string"},
             {"\"\\x", "an escape"},
             {"\"\\u0x", "a hexadecimal digit"},
             {"trx", "\"ue\""},
             {"-x", "a digit"},
             {"1x", "white space after a number"}}) {
        EXPECT_NE(
            message("json", stream).find(" where " + std::string(expected) + " was expected"),
            std::string::npos)
            << message("json", stream);
    }
    EXPECT_NE(message("json", "\xEF\xBB\xBF{}").find("; looks like a byte order mark"),
              std::string::npos);
    EXPECT_NE(message("json", "0005{\"a\"").find("; looks like a decimal header"),
              std::string::npos);
    EXPECT_NE(message("json", "\0\0\0\x05"sv).find("; looks like a binary length"),
              std::string::npos);
    EXPECT_EQ(
        truncation("json", "[1,2"),
        "frame.truncated at 4: the stream ended after 4 bytes of a JSON text, before the rest "
        R"(of a number: "[1,2")");
}

TEST(json, says_how_much_is_missing_at_least) {
    for (const auto& [stream, wanted] :
         offsets{{"", 1}, {" ", 1}, {"tru", 1}, {"[[", 2}, {"1", 1}}) {
        tests::stream_reader reader(tests::framing_of("json").decoder());
        EXPECT_TRUE(reader.feed(stream));
        EXPECT_EQ(reader.wanted(), wanted) << stream;
    }
}

}  // namespace
}  // namespace framewire::json_tests
