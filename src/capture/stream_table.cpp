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

void append_remarks(captured_stream& stream, const captured_direction& direction,
                    stream_side side) {
    const auto& sent = stream.side(side);
    if (sent.is_midway && sent.bytes + sent.missing > 0) {
        stream.remarks.push_back(fmt::format(
            "{}: no SYN was captured; offset 0 is the first byte that was", side_name(side)));
    }
    if (sent.missing == 0) return;
    stream.remarks.push_back(
        fmt::format("{}: {} {} missing{}", side_name(side), sent.missing,
                    sent.missing == 1 ? "byte is" : "bytes are",
                    direction.is_cut() ? ", because segments were captured only in part" : ""));
}

}  // namespace

void stream_table::take(const segment& one, const place& where) {
    auto* to = find(one);
    if (to == nullptr) to = open(one, where);
    if (to == nullptr) {
        ++left_out_;
        return;
    }
    const auto from = one.source == to->client ? stream_side::client : stream_side::server;
    auto& opened_with = to->opened_with.at(static_cast<std::size_t>(from));
    if (!opened_with) opened_with = one.syn ? one.sequence : one.sequence - 1;
    to->last_record = where.packet;
    if (one.is_only_named) return;
    to->over = to->over || one.fin || one.reset;
    // Clocks are set back.
    to->stream.end = std::max(to->stream.end, where.time);
    ++to->stream.side(from).packets;
    if (to->wanted) reassemble(*to, one, from, {to->stream.end, where.packet});
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

stream_table::entry* stream_table::open(const segment& one, const place& where) {
    if (entries_.size() >= options_.streams_max) return nullptr;
    auto& latest = latest_[ends_of(one)];
    if (latest != nullptr) close(*latest);
    const bool from_client = is_from_client(one);
    auto& opened = entries_.emplace_back();
    latest = &opened;
    opened.client = from_client ? one.source : one.destination;
    opened.stream.start = where.time;
    opened.stream.end = where.time;
    opened.stream.number = entries_.size() - 1;
    opened.stream.guessed_sides = !one.syn;
    opened.stream.client.address = opened.client.text();
    opened.stream.server.address = (from_client ? one.destination : one.source).text();
    opened.wanted = !options_.streams || options_.streams->contains(opened.stream.number);
    return &opened;
}

void stream_table::pass(entry& from, const captured_piece& piece) {
    auto& side = from.stream.side(piece.from);
    side.bytes += piece.data.size();
    side.missing += piece.missing;
    if (sink_) sink_(from.stream, piece);
}

template <class Act>
void stream_table::change(entry& to, captured_direction& direction, Act act) {
    const auto before = direction.waiting_bytes();
    if (before > 0) waiting_.erase(direction.waiting_since());
    act([this, &to](const captured_piece& piece) { pass(to, piece); });
    const auto after = direction.waiting_bytes();
    if (after > 0) waiting_.emplace(direction.waiting_since(), std::pair(&to, &direction));
    waiting_bytes_ = waiting_bytes_ - before + after;
}

void stream_table::begin_directions(entry& of) {
    of.directions = std::make_unique<std::array<captured_direction, 2>>(std::array{
        captured_direction(stream_side::client), captured_direction(stream_side::server)});
    for (std::size_t side = 0; side < of.has_syn.size(); ++side) {
        if (of.has_syn.at(side)) of.directions->at(side).begin_after_syn(*of.opened_with.at(side));
    }
}

void stream_table::reassemble(entry& to, const segment& one, stream_side from,
                              const place& where) {
    const bool has_anything = one.payload_bytes > 0 || one.fin || one.reset;
    if (!to.directions) {
        if (has_anything) begin_directions(to);
        auto& has_syn = to.has_syn.at(static_cast<std::size_t>(from));
        has_syn = has_syn || one.syn;
        if (!has_anything) return;
    }
    auto& direction = to.directions->at(static_cast<std::size_t>(from));
    auto& reverse = to.directions->at(static_cast<std::size_t>(opposite(from)));
    // What it acknowledges came before what it says.
    change(to, reverse, [&](const auto& out) { reverse.take_reply(one, where, out); });
    change(to, direction, [&](const auto& out) { direction.take(one, where, out); });
    to.stream.side(from).is_midway = direction.is_midway();
    while (waiting_bytes_ > options_.waiting_bytes_max) {
        auto& [owner, oldest] = waiting_.begin()->second;
        give_up_first(*owner, *oldest, where.packet);
    }
}

void stream_table::give_up_first(entry& of, captured_direction& direction, std::uint64_t packet) {
    change(of, direction, [&](const auto& out) {
        direction.give_up_first({of.stream.end, packet}, out);
    });
}

// No segment of it can come any more.
void stream_table::close(entry& last) {
    if (!last.directions) return;
    for (auto& direction : *last.directions) {
        change(last, direction, [&](const auto& out) {
            direction.finish({last.stream.end, last.last_record}, out);
        });
    }
}

std::vector<captured_stream> stream_table::finish() {
    std::vector<captured_stream> streams;
    streams.reserve(entries_.size());
    for (auto& each : entries_) {
        close(each);
        for (const auto side : {stream_side::client, stream_side::server}) {
            if (!each.directions) continue;
            append_remarks(each.stream, each.directions->at(static_cast<std::size_t>(side)), side);
        }
        streams.push_back(std::move(each.stream));
    }
    return streams;
}

}  // namespace framewire
