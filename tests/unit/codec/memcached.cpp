#include "framewire/codec/memcached.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::memcached_tests {
namespace {

using namespace std::string_view_literals;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;
using tests::refusal;
using tests::truncation;
using offsets = std::initializer_list<std::pair<bytes, std::uint64_t>>;

TEST(memcached, a_payload_is_a_line_with_its_data) {
    for (const std::string one :
         {"get a\r\n", "gets a b c\r\n", "STORED\r\n", "12\r\n", "ERROR\r\n", "END\r\n",
          "set a 0 0 2\r\nHi\r\n", "add a 1 2 0 noreply\r\n\r\n", "replace a 0 0 1\r\na\r\n",
          "append a 0 0 1\r\na\r\n", "prepend a 0 0 1\r\na\r\n", "cas a 0 0 2 7\r\n\r\n\r\n",
          "VALUE a 0 2 7\r\nHi\r\n", "ms a 2 T0\r\nHi\r\n", "VA 2 t\r\nHi\r\n", "HD\r\n",
          "mg a v\r\n", "version_of_a_long_name x\r\n", "SET a 0 0 2\r\n"}) {
        EXPECT_EQ(read("memcached", one + one), frames({{one, 0}, {one, one.size()}}));
        EXPECT_EQ(tests::encoded("memcached", one), one);
    }
}

TEST(memcached, sizes_are_strict) {
    for (const auto& [stream, offset] : offsets{{"set a 0 0 01\r\n", 11},
                                                {"set a 0 0 -1\r\n", 10},
                                                {"set a 0 0\r\n", 9},
                                                {"set a 0 0 1x\r\n", 11},
                                                {"set a 0 0 1\xff", 11},
                                                {"cas a 0 0 2\r\n", 11},
                                                {"VA x\r\n", 3},
                                                {"set\r\n", 3}}) {
        EXPECT_EQ(read("memcached", stream), failure(errc::frame_length_syntax, offset)) << stream;
        EXPECT_EQ(refusal("memcached", stream), errc::frame_length_syntax);
    }
    EXPECT_EQ(read("memcached,max=30", "set a 0 0 31"), failure(errc::frame_too_large, 0));
}

TEST(memcached, refuses_what_is_no_line) {
    for (const auto& [stream, offset] : offsets{{"\r\n", 0},
                                                {" get a\r\n", 0},
                                                {"get a\n", 5},
                                                {"\x80\0"sv, 0},
                                                {"g\x01", 1},
                                                {"set a 0 0 1\r\nab", 14}}) {
        EXPECT_EQ(read("memcached", stream), failure(errc::frame_syntax, offset)) << stream;
    }
    EXPECT_EQ(message("memcached", "get\n"),
              R"(frame.syntax at 3: "\n" where CR LF was expected)");
    EXPECT_EQ(truncation("memcached", "set a 0 0 1\r\na"),
              "frame.truncated at 14: the stream ended after 14 bytes of a line of memcached, "
              R"(before CR LF after its data: "set a 0 0 1\r\na")");
}

}  // namespace
}  // namespace framewire::memcached_tests
