#include "summary.hpp"

#include "cli/json_members.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

using kind = transcript_line::kind;

// A client that sends on without an answer would be kept whole.
constexpr std::size_t unanswered_max = 100'000;

std::string number_of(std::uint64_t number, std::string_view thing) {
    return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

std::string print_side(stream_side side, const side_totals& totals) {
    auto text = fmt::format("# {:<10}{}, {}", side_name(side), number_of(totals.frames, "frame"),
                            number_of(totals.stream_bytes, "byte"));
    if (totals.frames > 0) {
        text += totals.smallest == totals.largest
                    ? fmt::format("; payloads of {}", totals.smallest)
                    : fmt::format("; payloads of {} to {}", totals.smallest, totals.largest);
        text += fmt::format(", {} in all", totals.payload_bytes);
    }
    if (totals.skipped > 0) text += fmt::format("; {} skipped", totals.skipped);
    if (totals.gaps > 0) {
        text += fmt::format("; {} of {}", number_of(totals.gaps, "gap"),
                            number_of(totals.missing, "byte"));
    }
    return text + "\n";
}

std::string print_duration(std::chrono::nanoseconds time) {
    const auto us = static_cast<double>(time.count()) / 1e3;
    if (us < 1e3) return fmt::format("{:.0f} us", us);
    return us < 1e6 ? fmt::format("{:.1f} ms", us / 1e3) : fmt::format("{:.2f} s", us / 1e6);
}

}  // namespace

std::string stream_fault::words() const {
    const auto name = side_name(side);
    const auto place = record > 0 ? fmt::format(" (#{})", record) : std::string();
    const auto what = error.words.empty() ? std::string() : ": " + error.words;
    if (is_incomplete) {
        return fmt::format("the {}'s last frame, at {}{}, is incomplete{}", name, error.offset,
                           place, what);
    }
    return fmt::format("the {} is wrong at {}{}: {}{}", name, error.offset, place,
                       error_name(error.code), what);
}

summary::summary(const framing& client_frames, delivery mode)
    : times_replies_(mode == delivery::whole),
      readers_{side_reader(client_frames, direction::received, mode),
               side_reader(client_frames, direction::sent, mode)} {}

void summary::take(const transcript_line& line) {
    const auto way = way_of(line);
    if (way == direction::both) {
        for (std::size_t at = 0; at < readers_.size(); ++at) {
            readers_.at(at).take(line, [&](const event& happened, std::uint64_t) {
                count(line, static_cast<stream_side>(at), happened);
            });
        }
        return;
    }
    const auto side = side_of(way);
    const auto at = static_cast<std::size_t>(side);
    auto& totals = totals_.sides.at(at);
    if (line.what == kind::gap) {
        ++totals.gaps;
        totals.missing += line.missing;
        // Which reply belongs to which question can no longer be said.
        unanswered_.clear();
    }
    if (line.what == kind::from_peer || line.what == kind::to_peer) {
        totals.stream_bytes += line.text.size();
        last_.at(at).time = line.time;
        last_.at(at).record = line.record;
    }
    readers_.at(at).take(
        line, [&](const event& happened, std::uint64_t) { count(line, side, happened); });
}

void summary::finish() {
    for (const auto side : {stream_side::client, stream_side::server}) {
        const auto at = static_cast<std::size_t>(side);
        auto& reader = readers_.at(at);
        if (totals_.fault) continue;
        if (const auto why = reader.unfinished()) {
            totals_.fault = {side, *why, true, last_.at(at).time, last_.at(at).record};
        }
    }
}

void summary::count(const transcript_line& line, stream_side side, const event& happened) {
    auto& totals = totals_.sides.at(static_cast<std::size_t>(side));
    auto& size = sizes_.at(static_cast<std::size_t>(side));
    if (happened.what == event::kind::frame) {
        size += happened.piece.payload.size();
        if (!happened.piece.last) return;
        ++totals.frames;
        totals.payload_bytes += size;
        totals.smallest = std::min(totals.smallest, size);
        totals.largest = std::max(totals.largest, size);
        size = 0;
        if (times_replies_ && line.time) pair(side, *line.time);
    } else if (happened.what == event::kind::skipped) {
        ++totals.skipped;
    } else if (happened.what == event::kind::failed && !totals_.fault) {
        const auto& reader = readers_.at(static_cast<std::size_t>(side));
        const auto& error = *reader.failure();
        // A reset between two frames breaks none.
        if (error.code == errc::io_reset && reader.frame_begin() == error.offset) return;
        totals_.fault = {side, error, false, line.time, line.record};
    }
}

void summary::pair(stream_side side, std::chrono::system_clock::time_point time) {
    if (side == stream_side::client) {
        if (unanswered_.size() < unanswered_max) unanswered_.push_back(time);
        return;
    }
    if (unanswered_.empty()) return;
    if (!totals_.replies) totals_.replies.emplace();
    totals_.replies->add(time - unanswered_.front());
    unanswered_.pop_front();
}

result<conversation_totals> summarise(const conversation& shown) {
    summary all(shown.framing);
    if (auto read = shown.read([&](const transcript_line& line) { all.take(line); }); !read) {
        return tl::unexpected(read.error());
    }
    all.finish();
    return all.totals();
}

std::string print_summary(const conversation_totals& all, bool only_faults) {
    std::string text;
    if (!only_faults) {
        text += "#\n";
        for (const auto side : {stream_side::client, stream_side::server}) {
            const auto& totals = all.sides.at(static_cast<std::size_t>(side));
            if (totals.stream_bytes > 0) text += print_side(side, totals);
        }
        if (const auto& times = all.replies) {
            text +=
                fmt::format("# {:<10}{}, min {}, p50 {}, p99 {}, max {}\n", "replies",
                            times->count(), print_duration(times->buckets().front().upper),
                            print_duration(times->percentile(50)),
                            print_duration(times->percentile(99)), print_duration(times->max()));
        }
    }
    if (const auto& fault = all.fault) text += fmt::format("# {}\n", fault->words());
    return text;
}

std::string print_summary_event(const conversation_totals& all) {
    json_members line;
    line.add("event", "summary");
    for (const auto side : {stream_side::client, stream_side::server}) {
        const auto& totals = all.sides.at(static_cast<std::size_t>(side));
        const auto add = [&](std::string_view what, std::uint64_t number) {
            line.add(fmt::format("{}_{}", side_name(side), what), number);
        };
        add("frames", totals.frames);
        add("bytes", totals.stream_bytes);
        add("payload_bytes", totals.payload_bytes);
        add("skipped", totals.skipped);
        add("gaps", totals.gaps);
        add("missing", totals.missing);
        if (totals.frames == 0) continue;
        add("smallest", totals.smallest);
        add("largest", totals.largest);
    }
    if (const auto& times = all.replies) {
        const auto add = [&](std::string_view what, std::chrono::nanoseconds time) {
            line.add_number(fmt::format("replies_{}_us", what),
                            fmt::format("{:.3f}", static_cast<double>(time.count()) / 1e3));
        };
        line.add("replies", times->count());
        add("min", times->buckets().front().upper);
        add("p50", times->percentile(50));
        add("p99", times->percentile(99));
        add("max", times->max());
    }
    if (const auto& fault = all.fault) {
        line.add("direction", fault->side == stream_side::client ? "received" : "sent");
        if (fault->record > 0) line.add("packet", fault->record);
        line.add("offset", fault->error.offset);
        line.add("error", error_name(fault->error.code));
        line.add("message", fault->words());
    }
    return line.end();
}

}  // namespace framewire
