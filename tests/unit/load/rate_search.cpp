#include "load/rate_search.hpp"

#include <gtest/gtest.h>

namespace framewire::rate_search_tests {
namespace {

/// Searches on a server that keeps every rate up to `capacity`.
struct searched {
    int trials = 0;
    double best = 0;
};
searched search(double capacity) {
    rate_search search;
    searched done;
    while (const auto rate = search.next()) {
        if (++done.trials > 100) break;
        search.record(*rate <= capacity);
    }
    done.best = search.best().value_or(0);
    return done;
}

TEST(rate_search, comes_within_its_gap_of_what_can_be_kept) {
    for (const double capacity :
         {1.0, 1.5, 3.0, 17.0, 999.0, 1000.0, 1001.0, 12'345.0, 777'777.0, 4e6, 9.9e8}) {
        const auto done = search(capacity);
        EXPECT_LE(done.best, capacity);
        // A search that cannot try rates between whole ones stops one below.
        EXPECT_GE(done.best, capacity * (1 - rate_search::gap) * 0.99 - 1) << capacity;
        EXPECT_LT(done.trials, 45) << capacity;
    }
}

TEST(rate_search, gives_up_where_nothing_is_kept) {
    const auto done = search(0);
    EXPECT_EQ(0, done.best);
    EXPECT_LT(done.trials, 25);
}

TEST(rate_search, stops_where_everything_is_kept) {
    EXPECT_GE(search(1e300).best, rate_search::highest);
    EXPECT_LT(search(1e300).trials, 40);
}

TEST(rate_search, one_bad_trial_is_no_failure) {
    rate_search search;
    const auto first = search.next();
    search.record(false);
    EXPECT_EQ(first, search.next());
    search.record(true);
    EXPECT_EQ(first, search.best());
    EXPECT_EQ(*first * 2, search.next());
    search.record(false);
    search.record(false);
    EXPECT_EQ(*first * 1.5, search.next());
}

TEST(rate_search, what_is_told_after_its_end_changes_nothing) {
    rate_search search;
    while (search.next()) search.record(false);
    search.record(true);
    EXPECT_FALSE(search.best());
}

}  // namespace
}  // namespace framewire::rate_search_tests
