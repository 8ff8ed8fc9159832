#include "allocations.hpp"

#include "framewire/transcript/printer.hpp"

#include <gtest/gtest.h>
#include <string>

namespace framewire::allocations_tests {
namespace {

TEST(allocations, a_printer_forgets_a_payload_once_it_was_written_down) {
    transcript_printer printer({});
    const std::string payload(3000, 'x');
    const tests::allocation_watch observer;
    EXPECT_FALSE(printer.frame({.payload = payload}, 0).empty());
    EXPECT_EQ(observer.kept(), 0);
}

TEST(allocations, a_printer_keeps_no_more_of_a_payload_than_it_will_write) {
    transcript_printer printer({}, 100);
    const std::string chunk(100'000, 'x');
    const tests::allocation_watch observer;
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(printer.frame({.payload = chunk, .first = i == 0, .last = false}, 0), "");
    }
    EXPECT_LT(observer.most(), 1000U);
}

}  // namespace
}  // namespace framewire::allocations_tests
