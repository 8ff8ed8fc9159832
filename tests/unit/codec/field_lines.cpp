// The options of header fields, for `content-length` and for messages that keep their header.

#include "framewire/codec/detail/field_lines.hpp"

#include "readings.hpp"
#include "refused_spec.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::field_lines_tests {
namespace {

using tests::encoded;
using tests::expect_refused;
using tests::frames;
using tests::framing_of;
using tests::message;
using tests::read;
using tests::stream_reader;

TEST(field_lines, names_are_those_of_fields) {
    constexpr auto* const name = "a field's name";
    expect_refused({{"content-length,field=", 21, name},
                    {"content-length,field=a||b", 23, name},
                    {"content-length,field=a|", 23, name},
                    {"content-length,field=a b", 21, name},
                    {"content-length,field=a|b:", 23, name},
                    {"content-length,field=l|transfer-Encoding", 23,
                     "a field that holds a length in decimal"},
                    {"content-length,field=a|b|c|d|e", 29, "at most 4 names"},
                    {"content-length,field=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 21,
                     "at most 40 bytes of names"},
                    {"content-length,fields=keep,field=", 33, name}});
    EXPECT_EQ(framing_of("content-length,field=a|b|c|d").describe().length->fields.names,
              (std::vector<std::string>{"a", "b", "c", "d"}));
}

TEST(field_lines, options_have_few_values) {
    expect_refused({{"content-length,eol=cr", 19, "crlf, lf or any"},
                    {"content-length,blanks=none", 22, "one or any"},
                    {"content-length,fields=keep,start=status", 33, "line"},
                    {"content-length,missing=1", 23, "error, 0 or end"},
                    {"content-length,fields=none", 22, "drop or keep"}});
    EXPECT_EQ(encoded("content-length,eol=crlf", "a"), "Content-Length: 1\r\n\r\na");
    EXPECT_EQ(encoded("content-length,eol=any", "a"), "Content-Length: 1\r\n\r\na");
    EXPECT_EQ(encoded("content-length,blanks=one,missing=error", "a"),
              "Content-Length: 1\r\n\r\na");
}

TEST(field_lines, what_only_a_kept_header_has) {
    expect_refused({{"content-length,start=line", 21,
                     "fields=keep with 'start', as else no such line could be sent"},
                    {"content-length,missing=end", 23, "fields=keep with 'missing=end'"}});
}

TEST(field_lines, one_of_several_names_is_wanted_no_sooner_than_the_shortest) {
    const auto wanted = [](std::string_view spec) {
        stream_reader reader(framing_of(spec).decoder());
        EXPECT_TRUE(reader.feed(""));
        return reader.wanted();
    };
    EXPECT_EQ(wanted("content-length"), 21U);  // with one digit, and an empty line
    EXPECT_EQ(wanted("content-length,field=Content-Length|l"), 1U);
    EXPECT_EQ(wanted("content-length,blanks=any"), 1U);
    EXPECT_EQ(read("content-length,field=Content-Length|l", "l: 1\r\n\r\na"), frames({{"a", 0}}));
}

TEST(field_lines, the_one_with_the_length_explains_a_header) {
    const auto explained = [](std::string_view spec, bytes header) {
        return framing_of(spec).describe_header(header);
    };
    EXPECT_EQ(explained("content-length", "A: b\r\nContent-Length: 5\r\n\r\n"),
              "\"Content-Length: 5\"");
    EXPECT_EQ(explained("content-length,eol=lf", "CONTENT-length: 5\n\n"),
              "\"CONTENT-length: 5\"");
    EXPECT_EQ(explained("content-length,field=l|m,eol=lf", "Content-Length: 4\nm: 5\n"),
              "\"m: 5\"");
    EXPECT_EQ(explained("content-length", "no field\r\n\r\n"), "");
}

TEST(field_lines, a_value_without_a_space_names_the_option_that_reads_it) {
    EXPECT_EQ(message("content-length", "Content-Length:5"),
              "frame.length_syntax at 15: \"Content-Length:5\" where header fields with one "
              "Content-Length were expected; one space belongs after the colon: blanks=any reads "
              "lines without it");
    EXPECT_EQ(read("content-length,blanks=any", "Content-Length:1\r\n\r\na"), frames({{"a", 0}}));
    EXPECT_EQ(message("content-length,blanks=any", "Content-Length:x"),
              "frame.length_syntax at 15: \"Content-Length:x\" where header fields with one "
              "Content-Length were expected");
}

TEST(field_lines, any_spaces_may_be_before_the_colon_of_another_field) {
    EXPECT_EQ(read("content-length,blanks=any", "a \t : b\r\nContent-Length: 1\r\n\r\nx"),
              frames({{"x", 0}}));
    EXPECT_EQ(read("content-length,blanks=any", "a \tb: c\r\n"),
              tests::failure(errc::frame_syntax, 3));
}

TEST(field_lines, a_carriage_return_inside_a_name_ends_no_line) {
    EXPECT_EQ(message("content-length,eol=lf", "Content\r"),
              "frame.syntax at 7: \"Content\\r\" where header fields with one Content-Length were "
              "expected; looks like text without a header");
    EXPECT_EQ(message("content-length,eol=lf", "Content-Length: 1\r"),
              "frame.length_syntax at 17: \"Content-Length: 1\\r\" where header fields with one "
              "Content-Length were expected; 0x0d is at the end of this line: eol=crlf or eol=any "
              "reads it");
}

}  // namespace
}  // namespace framewire::field_lines_tests
