#include "load_result.hpp"

#include <algorithm>

namespace framewire {
namespace {

double in_seconds(std::chrono::nanoseconds time) noexcept {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

void load_tally::add(const load_tally& other) noexcept {
    messages += other.messages;
    messages_in_time += other.messages_in_time;
    bytes_sent += other.bytes_sent;
    bytes_received += other.bytes_received;
    mismatched += other.mismatched;
    out_of_order += other.out_of_order;
    missing += other.missing;
    unexpected += other.unexpected;
    failed_connections += other.failed_connections;
    unsent += other.unsent;
}

void load_slice::add(const load_slice& other) {
    end = std::max(end, other.end);
    length = std::max(length, other.length);
    count += other.count;
    latencies.insert(latencies.end(), other.latencies.begin(), other.latencies.end());
    std::ranges::sort(latencies, {}, &latency_histogram::bucket::upper);
}

double load_slice::rate() const noexcept {
    return length.count() > 0 ? static_cast<double>(count) / in_seconds(length) : 0;
}

std::chrono::nanoseconds load_slice::percentile(double percent) const {
    latency_histogram all;
    for (const auto& bucket : latencies) all.add(bucket.upper, bucket.count);
    return all.percentile(percent);
}

void load_result::add(const load_result& other) {
    tally.add(other.tally);
    latency.add(other.latency);
    uncorrected.add(other.uncorrected);
    late.add(other.late);
    connect.add(other.connect);
    if (slices.size() < other.slices.size()) slices.resize(other.slices.size());
    for (std::size_t i = 0; i < other.slices.size(); ++i) slices[i].add(other.slices[i]);
    for (const auto& fault : other.faults) {
        if (faults.size() < faults_shown_max) faults.push_back(fault);
    }
    for (const auto& [name, count] : other.failures) failures[name] += count;
    duration = std::max(duration, other.duration);
    cpu += other.cpu;
    interrupted = interrupted || other.interrupted;
}

double load_result::messages_per_second() const noexcept {
    if (duration.count() <= 0) return 0;
    return static_cast<double>(tally.messages_in_time) / in_seconds(duration);
}

}  // namespace framewire
