#include "stream_table.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

// Equal for both directions.
std::pair<segment_end, segment_end> ends_of(const segment& one) {
    return std::minmax({one.source, one.destination});
}

bool is_from_client(const segment& first) {
    if (first.syn) return !first.ack;
    return first.source.port >= first.destination.port;
}

}  // namespace

std::chrono::nanoseconds capture_time::since(const capture_time& start) const noexcept {
    constexpr std::uint64_t seconds_max = 4'000'000'000;
    constexpr std::int64_t nanoseconds_in_second = 1'000'000'000;
    if (seconds < start.seconds) return {};
    const auto passed =
        static_cast<std::uint64_t>(seconds) - static_cast<std::uint64_t>(start.seconds);
    const auto whole = static_cast<std::int64_t>(std::min(passed, seconds_max));
    return std::max(
        std::chrono::nanoseconds(whole * nanoseconds_in_second + nanoseconds - start.nanoseconds),
        std::chrono::nanoseconds(0));
}

std::chrono::system_clock::time_point capture_time::on_the_clock() const noexcept {
    return std::chrono::system_clock::time_point(since({}));
}

result<void> stream_table::take(const segment& one, const capture_time& when) {
    auto* to = find(one);
    if (to == nullptr) {
        const auto opened = open(one, when);
        if (!opened) return tl::unexpected(opened.error());
        to = *opened;
    }
    const auto from = one.source == to->client ? stream_side::client : stream_side::server;
    auto& opened_with = to->opened_with.at(static_cast<std::size_t>(from));
    if (!opened_with) opened_with = one.syn ? one.sequence : one.sequence - 1;
    to->over = to->over || one.fin || one.reset;
    to->time = std::max(to->time, when.since(to->start));
    if (options_.stream && *options_.stream != to->stream.number) return {};
    return add(*to, one, from);
}

// A SYN opens another stream between the same ends unless it is a retransmission.
stream_table::entry* stream_table::find(const segment& one) {
    const auto found = latest_.find(ends_of(one));
    if (found == latest_.end()) return nullptr;
    auto& last = *found->second;
    const auto& opened_with = last.opened_with.at(one.source == last.client ? 0 : 1);
    const bool again = opened_with == one.sequence && !last.over;
    return one.syn && !one.ack && opened_with && !again ? nullptr : &last;
}

result<stream_table::entry*> stream_table::open(const segment& one, const capture_time& when) {
    if (entries_.size() >= options_.streams_max) {
        return tl::unexpected(failure{fmt::format("more than {} streams", options_.streams_max),
                                      "write the streams that you need to a smaller file first: "
                                      "tshark -r FILE -Y 'tcp.port == 7000' -w SMALLER"});
    }
    const bool from_client = is_from_client(one);
    auto& opened = entries_.emplace_back();
    opened.client = from_client ? one.source : one.destination;
    opened.start = when;
    opened.stream.start = when.on_the_clock();
    opened.stream.number = entries_.size() - 1;
    opened.stream.client = opened.client.text();
    opened.stream.server = (from_client ? one.destination : one.source).text();
    latest_[ends_of(one)] = &opened;
    return &opened;
}

result<void> stream_table::add(entry& to, const segment& one, stream_side from) {
    kept_bytes_ +=
        to.directions.at(static_cast<std::size_t>(from)).take(one, to.time, to.stream.pieces);
    if (kept_bytes_ <= options_.kept_bytes_max) return {};
    return tl::unexpected(failure{
        fmt::format("keeping {} would take more than {}",
                    options_.stream ? fmt::format("stream {}", *options_.stream) : "its streams",
                    format_size(options_.kept_bytes_max)),
        "choose one stream, or write its beginning to a smaller file first: editcap -r FILE "
        "SMALLER 1-10000"});
}

std::vector<captured_stream> stream_table::finish() {
    std::vector<captured_stream> streams;
    streams.reserve(entries_.size());
    for (auto& each : entries_) {
        for (const auto& direction : each.directions) {
            direction.append_remarks(each.stream.remarks);
        }
        streams.push_back(std::move(each.stream));
    }
    return streams;
}

}  // namespace framewire
