#include "metrics/exposition.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <string>

namespace framewire::tests::exposition_tests {
namespace {

using namespace std::chrono_literals;

TEST(exposition, has_families_with_help_and_type) {
    exposition all;
    all.counter("frames_total", "Frames.", 18);
    all.gauge("lag_seconds", "Lag.", 0.25);
    all.begin("errors_total", "counter", "Errors.");
    all.sample("error", "frame.syntax", 3);
    all.sample("error", "io.reset", 0);
    EXPECT_EQ(all.text(),
              "# HELP frames_total Frames.\n"
              "# TYPE frames_total counter\n"
              "frames_total 18\n"
              "# HELP lag_seconds Lag.\n"
              "# TYPE lag_seconds gauge\n"
              "lag_seconds 0.25\n"
              "# HELP errors_total Errors.\n"
              "# TYPE errors_total counter\n"
              "errors_total{error=\"frame.syntax\"} 3\n"
              "errors_total{error=\"io.reset\"} 0\n");
}

TEST(exposition, labels_are_escaped) {
    exposition all;
    all.begin("x", "gauge", "X.");
    all.sample("name", "a\"b\\c\nd", 1);
    EXPECT_TRUE(all.text().ends_with("x{name=\"a\\\"b\\\\c\\nd\"} 1\n"));
}

TEST(exposition, counters_keep_their_digits) {
    exposition all;
    all.counter("bytes_total", "Bytes.", 123'456'789'012'345);
    EXPECT_TRUE(all.text().ends_with("bytes_total 123456789012345\n"));
}

TEST(exposition, buckets_are_cumulative) {
    duration_histogram times;
    ++times.counts.at(duration_histogram::place(3us));
    ++times.counts.at(duration_histogram::place(4ms));
    ++times.counts.at(duration_histogram::place(1min));
    times.sum = 60s + 4ms + 3us;
    exposition all;
    all.histogram("x_seconds", "X.", times);
    const auto has = [&](const std::string& line) {
        return all.text().find("\n" + line + "\n") != std::string::npos;
    };
    EXPECT_TRUE(has("x_seconds_bucket{le=\"1e-06\"} 0"));
    EXPECT_TRUE(has("x_seconds_bucket{le=\"5e-06\"} 1"));
    EXPECT_TRUE(has("x_seconds_bucket{le=\"0.001\"} 1"));
    EXPECT_TRUE(has("x_seconds_bucket{le=\"0.005\"} 2"));
    EXPECT_TRUE(has("x_seconds_bucket{le=\"10\"} 2"));
    EXPECT_TRUE(has("x_seconds_bucket{le=\"+Inf\"} 3"));
    EXPECT_TRUE(has("x_seconds_sum 60.004003"));
    EXPECT_TRUE(has("x_seconds_count 3"));
}

}  // namespace
}  // namespace framewire::tests::exposition_tests
