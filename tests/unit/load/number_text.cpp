#include "load/number_text.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::number_text_tests {
namespace {

std::string digits(const number_text& number, std::size_t count = number_text::size) {
    std::string text(count, '?');
    number.write(text.data(), count);
    return text;
}

std::string by_division(std::uint64_t number) {
    std::string text(number_text::size, '0');
    for (auto at = text.rbegin(); at != text.rend(); ++at, number /= 32) {
        *at = number_text::alphabet[number % 32];
    }
    return text;
}

TEST(number_text, writes_base_32) {
    EXPECT_EQ("00000000", digits(number_text(0)));
    EXPECT_EQ("0000000v", digits(number_text(31)));
    EXPECT_EQ("00000010", digits(number_text(32)));
    EXPECT_EQ("vvvvvvvv", digits(number_text((std::uint64_t{1} << 40) - 1)));
    EXPECT_EQ("00000001", digits(number_text((std::uint64_t{1} << 40) + 1)));
    for (std::uint64_t number = 1; number < std::uint64_t{1} << 40; number = number * 7 + 3) {
        EXPECT_EQ(by_division(number), digits(number_text(number)));
    }
}

TEST(number_text, counts_on) {
    for (const std::uint64_t start :
         {std::uint64_t{0}, std::uint64_t{32'700}, (std::uint64_t{1} << 40) - 50}) {
        number_text counting(start);
        for (std::uint64_t number = start; number < start + 3000; ++number) {
            ASSERT_EQ(by_division(number), digits(counting));
            ASSERT_EQ(number, counting.number());
            counting.advance();
        }
    }
}

TEST(number_text, gives_its_last_digits) {
    const number_text number(32 * 32 + 32 * 2 + 31);
    EXPECT_EQ("v", digits(number, 1));
    EXPECT_EQ("12v", digits(number, 3));
    EXPECT_EQ("", digits(number, 0));
    EXPECT_TRUE(number.is_at("12v", 3));
    EXPECT_FALSE(number.is_at("22v", 3));
    EXPECT_TRUE(number.is_at("0000012v", 8));
    EXPECT_FALSE(number.is_at("1000012v", 8));
}

}  // namespace
}  // namespace framewire::number_text_tests
