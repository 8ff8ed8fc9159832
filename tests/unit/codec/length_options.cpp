// The options around a length that contradict each other, or that no frame could have.

#include "framewire/codec/framing.hpp"

#include "refused_spec.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>

namespace framewire::length_options_tests {
namespace {

using tests::expect_refused;
using tests::framing_of;

TEST(length_options, before_a_length_are_a_lead_or_an_offset) {
    expect_refused({{"u16be,lead=1,offset=2", 11, "lead or offset, not both"},
                    {"u16be,offset=2,lead=1", 20, "lead or offset, not both"},
                    {"u16be,lead=17", 11, "a number of bytes from 0 to 16"}});
}

TEST(length_options, after_a_payload_is_an_end_or_a_trailer) {
    expect_refused({{"u8,end=a,trailer=1", 17, "end or trailer, not both"},
                    {"u8,end=123456789", 7, "1 to 8 bytes"}});
}

TEST(length_options, a_mask_has_no_gap) {
    constexpr auto* const mask =
        "the bits that are the length, in hexadecimal, without a gap from the lowest on: 7fffffff";
    expect_refused({{"u16be,mask=", 11, mask},
                    {"u16be,mask=g", 11, mask},
                    {"u16be,mask=7fg", 11, mask},
                    {"u16be,mask=+7f", 11, mask},
                    {"u16be,mask=0", 11, mask},
                    {"u16be,mask=5", 11, mask},
                    {"u16be,mask=fe", 11, mask},
                    {"u16be,mask=1ffff", 11, mask},
                    {"u16be,mask=1ffffffffffffffff", 11, mask}});
    EXPECT_EQ(framing_of("u16be,mask=7F").describe().length->mask, 0x7FU);
}

TEST(length_options, a_flag_is_one_bit_that_the_mask_leaves) {
    constexpr auto* const flag = "one bit outside of mask, in hexadecimal: 80000000";
    expect_refused({{"u8,mask=7f,more=80,last=80", 24, "more or last, not both"},
                    {"u8,mask=7f,more=x", 16, flag},
                    {"u8,mask=7f,more=0", 16, flag},
                    {"u8,mask=3f,more=c0", 16, flag},
                    {"u8,mask=7f,more=40", 16, flag},
                    {"u8,mask=7f,last=100", 16, flag},
                    {"u8,more=80", 8, flag}});
}

TEST(length_options, fragments_have_nothing_that_a_payload_has_once) {
    expect_refused(
        {{"u8,join=half", 8, "full"},
         {"u8,mask=7f,more=80,join=full", 24, "no other join: more, last"},
         {"u8,lead=1,join=full", 15, "frames that are whole, with lead"},
         {"u8,join=full,end=a", 8, "frames that are whole, with end or trailer"},
         {"u8,mask=7f,more=80,trailer=1", 16, "frames that are whole, with end or trailer"}});
}

TEST(length_options, fragments_have_a_largest_length) {
    constexpr auto* const largest = "a largest length that fits, and is above adjust";
    expect_refused({{"u8,join=full,adjust=-255", 8, largest},
                    {"u8,mask=f,more=80,adjust=-15", 15, largest},
                    {"u64be,join=full", 11, largest}});
    EXPECT_TRUE(framing::parse("u8,join=full,adjust=-254"));
    EXPECT_TRUE(framing::parse("u8,mask=1,more=2"));
    EXPECT_TRUE(framing::parse("u64be,mask=3fffffffffffffff,join=full"));
}

TEST(length_options, an_idle_frame_is_its_length_and_nothing_else) {
    constexpr auto* const alone =
        "frames without lead, end, trailer and joins, as one that is idle is its length and "
        "nothing else";
    expect_refused({{"u8,lead=1,idle=0", 15, alone},
                    {"u8,end=a,idle=0", 14, alone},
                    {"u8,trailer=1,idle=0", 18, alone},
                    {"u8,join=full,idle=0", 18, alone},
                    {"u8,mask=7f,last=80,idle=0", 24, alone}});
}

TEST(length_options, idle_is_a_length_or_a_range_of_them) {
    constexpr auto* const range = "N or N-M, from 0 to 255";
    expect_refused({{"u8,idle=", 8, range},
                    {"u8,idle=x", 8, range},
                    {"u8,idle=1-", 8, range},
                    {"u8,idle=-1", 8, range},
                    {"u8,idle=1-x", 8, range},
                    {"u8,idle=5-4", 8, range},
                    {"u8,idle=256", 8, range},
                    {"u64be,idle=4294967296", 11, "N or N-M, from 0 to 4294967295"}});
    EXPECT_EQ(framing_of("u8,idle=5-5").describe().length->idle_last, 5U);
}

TEST(length_options, characters_are_counted_in_one_piece) {
    expect_refused({{"digits:4,count=chars,lead=1", 0, "count=bytes, with lead and joins"},
                    {"digits:4,count=chars,join=full", 0, "count=bytes, with lead and joins"}});
    EXPECT_TRUE(framing::parse("digits:4,count=chars,trailer=1"));
}

}  // namespace
}  // namespace framewire::length_options_tests
