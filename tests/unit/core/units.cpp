#include "framewire/core/units.hpp"

#include "random_bytes.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>

namespace framewire::units_tests {
namespace {

using namespace std::chrono_literals;

TEST(parse_number, reads_decimal_digits) {
    EXPECT_EQ(parse_number("0"), 0U);
    EXPECT_EQ(parse_number("7"), 7U);
    EXPECT_EQ(parse_number("0010"), 10U);
    EXPECT_EQ(parse_number("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
}

TEST(parse_number, refuses_everything_else) {
    for (const char* text : {"", "+5", "-5", "-0", " 5", "5 ", "\t5", "5\n", "5_0", "0x5", "5h",
                             "5e1", "5.0", "5,5", "\xD9\xA5", "\xEF\xBC\x95", "\xC2\xB2",
                             "18446744073709551616", "99999999999999999999999"}) {
        EXPECT_FALSE(parse_number(text)) << '\'' << text << '\'';
    }
    EXPECT_FALSE(parse_number(std::string_view("5\0", 2)));
    EXPECT_FALSE(parse_number(std::string_view("\0005", 2)));
}

TEST(parse_number, says_what_it_refuses) {
    EXPECT_EQ(parse_number("five").error().message(), "'five' is not a number");
}

TEST(parse_count, reads_what_people_write) {
    EXPECT_EQ(parse_count("0"), 0U);
    EXPECT_EQ(parse_count("500"), 500U);
    EXPECT_EQ(parse_count("20k"), 20'000U);
    EXPECT_EQ(parse_count("2.5k"), 2'500U);
    EXPECT_EQ(parse_count("3M"), 3'000'000U);
    EXPECT_EQ(parse_count("1G"), 1'000'000'000U);
    EXPECT_EQ(parse_count("1e4"), 10'000U);
    EXPECT_EQ(parse_count("1.25e2"), 125U);
    EXPECT_EQ(parse_count("7e0"), 7U);
    EXPECT_EQ(parse_count("10.0"), 10U);
    EXPECT_EQ(parse_count("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
}

TEST(parse_count, refuses_everything_else) {
    for (const char* text : {"",
                             "k",
                             "1K",
                             "1kk",
                             "k1",
                             "1.5",
                             "1.2345k",
                             "1e",
                             "1e-3",
                             "1e+3",
                             "e3",
                             "1e20",
                             "-1",
                             "+1",
                             " 1",
                             "1 ",
                             "1_000",
                             "0x10",
                             "18446744073709551616",
                             "18446744073709551615k"}) {
        const auto count = parse_count(text);
        ASSERT_FALSE(count) << '\'' << text << '\'';
        EXPECT_EQ(count.error().message(),
                  "'" + std::string(text) + "' is not a number such as 500, 20k or 1e6");
    }
}

TEST(parse_size, reads_plain_bytes_and_both_kinds_of_unit) {
    EXPECT_EQ(parse_size("512"), 512U);
    EXPECT_EQ(parse_size("0"), 0U);
    EXPECT_EQ(parse_size("64KiB"), 65'536U);
    EXPECT_EQ(parse_size("16MiB"), 16'777'216U);
    EXPECT_EQ(parse_size("2GiB"), 2'147'483'648U);
    EXPECT_EQ(parse_size("64kB"), 64'000U);
    EXPECT_EQ(parse_size("3MB"), 3'000'000U);
    EXPECT_EQ(parse_size("2GB"), 2'000'000'000U);
}

TEST(parse_size, refuses_everything_else) {
    for (const char* text : {"", "KiB", "64K", "64KB", "64kib", "64 KiB", " 64", "64 ", "-1", "+1",
                             "1.5MiB", "0x10", "64KiBs", "64KiB ", "6_4"}) {
        const auto size = parse_size(text);
        ASSERT_FALSE(size) << '\'' << text << '\'';
        EXPECT_EQ(size.error().message(),
                  "'" + std::string(text) + "' is not a size such as 512, 64KiB or 16MiB");
    }
}

TEST(parse_size, checks_for_overflow_before_it_multiplies) {
    EXPECT_EQ(parse_size("9223372036854775807"), 9'223'372'036'854'775'807U);
    EXPECT_EQ(parse_size("8589934591GiB"), 8'589'934'591U * 1024 * MiB);
    for (const char* text :
         {"9223372036854775808", "18446744073709551615", "18446744073709551616", "8589934592GiB",
          "17179869184GiB", "9007199254740992KiB", "9223372037GB", "99999999999999999999999GiB"}) {
        EXPECT_FALSE(parse_size(text)) << text;
    }
}

TEST(parse_duration, reads_all_units) {
    EXPECT_EQ(parse_duration("0"), 0ms);
    EXPECT_EQ(parse_duration("200ms"), 200ms);
    EXPECT_EQ(parse_duration("5s"), 5s);
    EXPECT_EQ(parse_duration("2min"), 2min);
    EXPECT_EQ(parse_duration("1h"), 1h);
    EXPECT_EQ(parse_duration("0s"), 0ms);
    EXPECT_EQ(parse_duration("2m"), 2min);
}

TEST(parse_duration, a_number_alone_is_seconds) {
    EXPECT_EQ(parse_duration("10"), 10s);
    EXPECT_EQ(parse_duration("0.25"), 250ms);
    EXPECT_EQ(parse_duration("00"), 0ms);
}

TEST(parse_duration, reads_fractions_of_whole_milliseconds) {
    EXPECT_EQ(parse_duration("0.5s"), 500ms);
    EXPECT_EQ(parse_duration("1.50min"), 90s);
    EXPECT_EQ(parse_duration("0.001s"), 1ms);
    EXPECT_EQ(parse_duration("3.0ms"), 3ms);
    for (const char* text : {"0.0005s", "0.5ms", "1.0001", "1.", ".5s", "1..5s"}) {
        EXPECT_FALSE(parse_duration(text)) << text;
    }
}

TEST(parse_duration, adds_units_from_large_to_small) {
    EXPECT_EQ(parse_duration("1m30s"), 90s);
    EXPECT_EQ(parse_duration("1h2min3s4ms"), 1h + 2min + 3s + 4ms);
    EXPECT_EQ(parse_duration("2m0.5s"), 120'500ms);
    for (const char* text : {"30s1m", "1s1s", "1m1min", "1m30", "0h5", "1m 30s", "1m30s "}) {
        EXPECT_FALSE(parse_duration(text)) << text;
    }
}

TEST(parse_microseconds, reads_what_a_duration_cannot_say) {
    EXPECT_EQ(parse_microseconds("1500us"), 1500us);
    EXPECT_EQ(parse_microseconds("1.5ms"), 1500us);
    EXPECT_EQ(parse_microseconds("0.000001s"), 1us);
    EXPECT_EQ(parse_microseconds("1s2ms3us"), 1'002'003us);
    EXPECT_EQ(parse_microseconds("1h"), 1h);
    EXPECT_EQ(parse_duration("3000us"), 3ms);
    EXPECT_FALSE(parse_duration("1500us"));
    for (const char* text : {"0.5us", "1us2ms", "1ns", "1 us", "877000h"}) {
        EXPECT_FALSE(parse_microseconds(text)) << text;
    }
}

TEST(parse_duration, refuses_everything_else) {
    for (const char* text :
         {"", "s", "5 s", " 5s", "5s ", "-5s", "+5s", "5S", "5sec", "5_0s", "0x5s", "1e3"}) {
        const auto duration = parse_duration(text);
        ASSERT_FALSE(duration) << '\'' << text << '\'';
        EXPECT_EQ(duration.error().message(),
                  "'" + std::string(text) + "' is not a duration such as 200ms, 5s or 1m30s");
    }
}

// Deadlines are added to moments that count nanoseconds in 63 bits: 292 years.
TEST(parse_duration, refuses_what_a_clock_cannot_count) {
    using clock = std::chrono::steady_clock::duration;
    const auto most = std::chrono::duration_cast<std::chrono::milliseconds>(clock::max());
    for (const char* text : {"2562048h", "2562047788016h", "153722868min", "9223372036854775808ms",
                             "9223372036854776ms", "9223372036854775807ms"}) {
        const auto duration = parse_duration(text);
        EXPECT_TRUE(!duration || *duration <= most) << text;
    }
}

TEST(format_size, uses_the_largest_unit_that_divides) {
    EXPECT_EQ(format_size(0), "0");
    EXPECT_EQ(format_size(1), "1");
    EXPECT_EQ(format_size(1000), "1000");
    EXPECT_EQ(format_size(1023), "1023");
    EXPECT_EQ(format_size(1024), "1KiB");
    EXPECT_EQ(format_size(1536), "1536");
    EXPECT_EQ(format_size(64 * KiB), "64KiB");
    EXPECT_EQ(format_size(16 * MiB), "16MiB");
    EXPECT_EQ(format_size(16 * MiB + KiB), "16385KiB");
    EXPECT_EQ(format_size(3072 * MiB), "3GiB");
}

TEST(format_duration, uses_the_largest_unit_that_divides) {
    EXPECT_EQ(format_duration(0ms), "0");
    EXPECT_EQ(format_duration(1us), "1us");
    EXPECT_EQ(format_duration(1ms), "1ms");
    EXPECT_EQ(format_duration(1500us), "1500us");
    EXPECT_EQ(format_duration(3000us), "3ms");
    EXPECT_EQ(format_duration(1500ms), "1500ms");
    EXPECT_EQ(format_duration(5s), "5s");
    EXPECT_EQ(format_duration(90s), "90s");
    EXPECT_EQ(format_duration(120s), "2min");
    EXPECT_EQ(format_duration(60min), "1h");
    EXPECT_EQ(format_duration(36h), "36h");
}

TEST(format_size, is_read_back_by_parse_size) {
    tests::random_bytes random(7);
    for (int round = 0; round < 2000; ++round) {
        const auto size = (std::uint64_t{random.below(1 << 20)} + 1) << random.below(40);
        ASSERT_EQ(parse_size(format_size(size)), size) << format_size(size);
    }
}

TEST(format_duration, is_read_back_by_parse_duration) {
    tests::random_bytes random(8);
    for (int round = 0; round < 2000; ++round) {
        const std::uint64_t factors[] = {1, 1000, 60'000, 3'600'000};
        const auto count = random.below(100'000) * factors[random.below(4)];
        const std::chrono::milliseconds duration(count);
        ASSERT_EQ(parse_duration(format_duration(duration)), duration) << count;
    }
}

}  // namespace
}  // namespace framewire::units_tests
