#include "dump/dump.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::offset_dump_tests {
namespace {

constexpr std::string_view bytes_of_dumps = "GET / HTTP\r\n\r\n0123456789abcdefghij  ";

// The bytes, or what is wrong.
std::string read(std::string_view text) {
    const auto found = read_dump(text);
    if (!found) return found.error().message();
    return found->pieces.size() == 1 ? found->pieces.front().data : "not one piece";
}

TEST(offset_dump, is_what_xxd_prints) {
    const std::string dump =
        "00000000: 4745 5420 2f20 4854 5450 0d0a 0d0a 3031  GET / HTTP....01\n"
        "00000010: 3233 3435 3637 3839 6162 6364 6566 6768  23456789abcdefgh\n"
        "00000020: 696a 2020                                ij  \n";
    EXPECT_EQ(read(dump), bytes_of_dumps);
    EXPECT_EQ(read("  00000000: 47 45 54  GET\r\n  00000003: 20 2f     /"), "GET /");
    EXPECT_EQ(read("0000: 474554"), "GET");
    EXPECT_EQ(read("00000010: 474554  GET"), "GET");
    EXPECT_EQ(read("00000000: 3020 2030 0a0a  0  0.."), "0  0\n\n");
    EXPECT_EQ(read("00000000: 7c30 207c  |0 |\n00000004: 7c30       |0"), "|0 ||0");
    EXPECT_EQ(read("00000000: 00ff 7f80  ...."), std::string("\0\xFF\x7F\x80", 4));
}

TEST(offset_dump, is_what_hexdump_prints) {
    const std::string dump =
        "00000000  47 45 54 20 2f 20 48 54  54 50 0d 0a 0d 0a 30 31  |GET / HTTP....01|\n"
        "00000010  32 33 34 35 36 37 38 39  61 62 63 64 65 66 67 68  |23456789abcdefgh|\n"
        "00000020  69 6a 20 20                                       |ij  |\n"
        "00000024\n";
    EXPECT_EQ(read(dump), bytes_of_dumps);
    EXPECT_EQ(read("00000010  7c 7c 20  ||| |\n00000013"), "|| ");
}

TEST(offset_dump, is_what_wireshark_prints) {
    EXPECT_EQ(read("0000   47 45 54 20 2f 20 48 54 54 50 0d 0a 0d 0a 30 31   GET / HTTP....01\n"
                   "0010   32 33 34 35 36 37 38 39 61 62 63 64 65 66 67 68   23456789abcdefgh\n"
                   "0020   69 6a 20 20                                       ij  \n"),
              bytes_of_dumps);
    EXPECT_EQ(
        read("00000000  47 45 54 20 2f 20 48 54  54 50 0d 0a 0d 0a 30 31   GET / HT TP....01\n"
             "00000010  32 33                                              23\n"),
        bytes_of_dumps.substr(0, 18));
    EXPECT_EQ(read("0000   47 45\n0002   54\n"), "GET");
}

TEST(offset_dump, may_leave_out_lines_that_repeat) {
    const std::string dump =
        "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n"
        "00000060  00 00 00 00 68 69 0a                              |....hi.|\n00000067\n";
    EXPECT_EQ(read(dump), std::string(100, '\0') + "hi\n");
    EXPECT_EQ(read("00000000: 3031  01\n*\n00000006: 41  A"), "010101A");
    EXPECT_EQ(read("00000000  30 31  |01|\n*\n00000006"), "010101");
    EXPECT_EQ(read("00000000: 3031  01\n*\n00000005: 41  A"),
              "line 3, column 1: * before it means 3 bytes, which is not a multiple of the line "
              "it repeats");
    EXPECT_EQ(read("00000000: 3031  01\n*\nf0000000: 41  A"),
              "line 3, column 1: * before it means 4026531838 bytes, which is more than 64MiB");
    EXPECT_EQ(read("00000000: 3031  01\n*"),
              "line 2, column 1: after * a line with an offset is missing");
    EXPECT_EQ(read("00000000:\n*\n00000002: 30"),
              "line 2, column 1: expected an offset and bytes first, found \"*\"");
}

TEST(offset_dump, has_offsets_that_continue) {
    EXPECT_EQ(read("00000000: 3031  01\n00000004: 3233  23"),
              "line 2, column 1: the offset 00000004 does not follow the line before it: expected "
              "00000002");
    EXPECT_EQ(read("00000010: 3031  01\n00000010: 3031  01").substr(0, 33),
              "line 2, column 1: the offset 0000");
    EXPECT_EQ(read("00000000  30 31  |01|\n00000003").substr(0, 33),
              "line 2, column 1: the offset 0000");
}

TEST(offset_dump, has_a_text_that_is_the_one_of_its_bytes) {
    EXPECT_EQ(read("00000000: 4745 5420 2f20 4854 5450  GET /.HTTP"),
              "line 1, column 37: the text \"GET /.HTTP\" does not match the bytes, which are "
              "\"GET / HTTP\"");
    EXPECT_EQ(read("00000000: 20544547 5448202f 0a0d5054 31300a0d  GET / HTTP....01"),
              "GET / HTTP\r\n\r\n01");
    EXPECT_EQ(read("00000000: 01000111 01000101  GE"), "GE");
    EXPECT_EQ(read("00000000: 01000111 01000101  GF").substr(0, 17), "line 1, column 30");
    EXPECT_EQ(read("00000000  30 31  |02|").substr(0, 17), "line 1, column 18");
    EXPECT_EQ(read("00000000  30 31  |01"),
              "line 1, column 21: expected | after the text, found "
              "the end of the line");
}

TEST(offset_dump, has_pairs_of_digits) {
    EXPECT_EQ(read("00000000: 303  0"),
              "line 1, column 11: expected pairs of hexadecimal digits, "
              "found \"303  0\"");
    EXPECT_EQ(read("00000000: 30 3g"),
              "line 1, column 14: expected pairs of hexadecimal digits, "
              "found \"3g\"");
    EXPECT_EQ(read("00000000  30 313  |01|").substr(0, 55),
              "line 1, column 14: expected pairs of hexadecimal digits");
    EXPECT_EQ(read("00000000: 30\n30 31"),
              "line 2, column 1: expected an offset of at least 4 "
              "hexadecimal digits, found \"30 31\"");
    EXPECT_EQ(read("00000000: 30\n00000001 31"),
              "line 2, column 9: expected a colon after the offset, found \" 31\"");
    EXPECT_EQ(read("00000000: 30\n00000001:31"),
              "line 2, column 10: expected a space, found \"31\"");
}

TEST(offset_dump, is_none_without_an_offset) {
    EXPECT_EQ(read("30303030"), "0000");
    EXPECT_EQ(read("30303030 3131"), "000011");
    EXPECT_EQ(read("30303030303030303030303030303030303030"), "0000000000000000000");
}

}  // namespace
}  // namespace framewire::offset_dump_tests
