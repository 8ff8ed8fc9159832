#include "framewire/codec/decimal.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::octet_count_tests {
namespace {

using tests::encoded;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;

TEST(octet_count, frames_look_like_this) {
    EXPECT_EQ(encoded("octet-count", "hello"), "5 hello");
    EXPECT_EQ(encoded("octet-count", ""), "0 ");
    EXPECT_EQ(read("octet-count", "5 hello0 12 hello, world"),
              frames({{"hello", 0}, {"", 7}, {"hello, world", 9}}));
}

TEST(octet_count, exactly_one_blank_ends_its_length) {
    EXPECT_EQ(read("octet-count", "2  hi"), failure(errc::frame_syntax, 4, {{" h", 0}}));
    EXPECT_EQ(read("octet-count", " 2 hi"), failure(errc::frame_length_syntax, 0));
    EXPECT_EQ(read("octet-count", "2\thi"), failure(errc::frame_length_syntax, 1));
    EXPECT_EQ(read("octet-count", "2:hi"), failure(errc::frame_length_syntax, 1));
    EXPECT_EQ(read("octet-count", "<34>1 -"), failure(errc::frame_length_syntax, 0));
    EXPECT_EQ(message("octet-count", "2:hi"),
              "frame.length_syntax at 1: \"2:hi\" where a decimal length and \" \" were expected");
}

}  // namespace
}  // namespace framewire::octet_count_tests
