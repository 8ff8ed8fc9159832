#include "framewire/codec/decimal.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string_view>

namespace framewire::decimal_tests {
namespace {

using namespace std::string_view_literals;
using tests::encoded;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;
using tests::refusal_to_begin;

TEST(decimal, lengths_end_with_any_bytes) {
    EXPECT_EQ(encoded("decimal::", "hello"), "5:hello");
    EXPECT_EQ(encoded(R"(decimal:\0,end=\0)", "hello"), "5\0hello\0"sv);
    EXPECT_EQ(encoded(R"(decimal:\r\n,magic=$,end=\r\n)", "hello"), "$5\r\nhello\r\n");
    EXPECT_EQ(read(R"(decimal:\r\n,magic=$,end=\r\n)", "$5\r\nhello\r\n$0\r\n\r\n"),
              frames({{"hello", 0}, {"", 11}}));
    EXPECT_EQ(read("decimal:\\x20", "2 hi10 0123456789"), frames({{"hi", 0}, {"0123456789", 4}}));
}

TEST(decimal, the_byte_that_is_wrong_is_found) {
    constexpr auto bulk = R"(decimal:\r\n,magic=$,end=\r\n)";
    EXPECT_EQ(read(bulk, "*5\r\n"), failure(errc::frame_syntax, 0));
    EXPECT_EQ(read(bulk, "$\r\n"), failure(errc::frame_length_syntax, 1));
    EXPECT_EQ(read(bulk, "$x"), failure(errc::frame_syntax, 1));
    EXPECT_EQ(read(bulk, "$5\n"), failure(errc::frame_length_syntax, 2));
    EXPECT_EQ(read(bulk, "$5\rx"), failure(errc::frame_length_syntax, 3));
    EXPECT_EQ(read(bulk, "$1\r\na\rx"), failure(errc::frame_syntax, 6));
    EXPECT_EQ(message(bulk, "$05"),
              "frame.length_syntax at 2: \"$05\" where a decimal length and \"\\r\\n\" were "
              "expected");
}

TEST(decimal, has_at_most_ten_digits) {
    EXPECT_EQ(refusal_to_begin("decimal::", 9'999'999'999), std::nullopt);
    EXPECT_EQ(refusal_to_begin("decimal::", 10'000'000'000), errc::frame_too_large);
}

}  // namespace
}  // namespace framewire::decimal_tests
