#include "framewire/codec/beanstalkd.hpp"

#include "readings.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::beanstalkd_tests {
namespace {

using namespace std::string_view_literals;
using tests::failure;
using tests::frames;
using tests::message;
using tests::read;
using tests::refusal;
using tests::truncation;
using offsets = std::initializer_list<std::pair<bytes, std::uint64_t>>;

TEST(beanstalkd, a_payload_is_a_line_with_its_data) {
    for (const std::string one :
         {"reserve\r\n", "put 0 0 60 5\r\na\r\nbc\r\n", "INSERTED 7\r\n", "RESERVED 7 2\r\nHi\r\n",
          "FOUND 7 0\r\n\r\n", "OK 4\r\n---\n\r\n", "DELETED\r\n"}) {
        EXPECT_EQ(read("beanstalkd", one + one), frames({{one, 0}, {one, one.size()}}));
        EXPECT_EQ(tests::encoded("beanstalkd", one), one);
    }
}

TEST(beanstalkd, refuses_what_is_no_line) {
    EXPECT_EQ(read("beanstalkd", "put 0 0 60 05\r\n"), failure(errc::frame_length_syntax, 12));
    EXPECT_EQ(read("beanstalkd", "put 0 0 60\r\n"), failure(errc::frame_length_syntax, 10));
    EXPECT_EQ(read("beanstalkd", "reserve\n"), failure(errc::frame_syntax, 7));
    EXPECT_EQ(refusal("beanstalkd", "put 0 0 60 2\r\nH\r\n"), errc::frame_syntax);
    EXPECT_EQ(message("beanstalkd", "\r\n"),
              R"(frame.syntax at 0: "\r\n" where a command was expected)");
    EXPECT_EQ(
        truncation("beanstalkd", "OK 2"),
        "frame.truncated at 4: the stream ended after 4 bytes of a line of beanstalkd, before "
        R"(a size and CR LF: "OK 2")");
}

}  // namespace
}  // namespace framewire::beanstalkd_tests
