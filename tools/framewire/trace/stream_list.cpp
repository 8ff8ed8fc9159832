#include "stream_list.hpp"

#include "cli/json_members.hpp"
#include "cli/timestamp.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <memory>
#include <set>

namespace framewire {
namespace {

// Decoders of so many streams are alive at a time; more streams are more passes over the file.
constexpr std::size_t streams_in_a_pass = 4096;

// One stream while it is decoded.
struct counted_stream {
    counted_stream(const captured_stream& stream, const counting_plan& plan)
        : all(plan.frames, delivery::pieces),
          each(plan.frames, plan_for(stream, plan),
               [this](const transcript_line& line) { all.take(line); }) {}

    static resync_plan plan_for(const captured_stream& stream, const counting_plan& plan) {
        resync_plan found{.when = plan.when, .is_midway = midway_sides(stream)};
        if (plan.swaps) std::swap(found.is_midway[0], found.is_midway[1]);
        return found;
    }

    summary all;
    resynchroniser each;
};

result<void> count_some(const indexed_capture& from, const std::set<std::size_t>& numbers,
                        const counting_plan& plan, stream_totals& into) {
    std::map<std::size_t, std::unique_ptr<counted_stream>> streams;
    auto read = read_pieces(
        from.file, numbers, [&](const captured_stream& stream, const captured_piece& piece) {
            auto& one = streams[stream.number];
            if (!one) {
                one = std::make_unique<counted_stream>(from.found.streams.at(stream.number), plan);
            }
            const auto line = line_of(piece);
            one->each.take(plan.swaps ? turned(line) : line);
        });
    if (!read) return read;
    for (const auto number : numbers) {
        const auto one = streams.find(number);
        if (one == streams.end()) {
            into[number] = {};
            continue;
        }
        one->second->all.finish();
        into[number] = one->second->all.totals();
    }
    return {};
}

struct row {
    std::vector<std::string> cells;
};

// The last column is not padded; numbers are on the right of theirs.
std::string print_rows(const std::vector<row>& rows, std::string_view on_the_left) {
    std::vector<std::size_t> widths(rows.front().cells.size());
    for (const auto& one : rows) {
        for (std::size_t at = 0; at < one.cells.size(); ++at) {
            widths[at] = std::max(widths[at], one.cells[at].size());
        }
    }
    std::string text;
    for (const auto& one : rows) {
        std::string line;
        for (std::size_t at = 0; at < one.cells.size(); ++at) {
            const auto& cell = one.cells[at];
            line += at == 0 ? "" : "  ";
            line += on_the_left[at] == 'l' ? fmt::format("{:<{}}", cell, widths[at])
                                           : fmt::format("{:>{}}", cell, widths[at]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string time_of_day(std::chrono::system_clock::time_point when) {
    constexpr std::size_t date_size = 11;
    const timestamp at(when);
    return std::string(at.text().substr(date_size, at.text().size() - date_size - 1));
}

std::string short_fault(const conversation_totals& totals) {
    if (!totals.fault) return {};
    const auto& fault = *totals.fault;
    return fmt::format("{} at {}: {}", side_name(fault.side), fault.error.offset,
                       fault.is_incomplete ? "incomplete" : error_name(fault.error.code));
}

}  // namespace

result<stream_totals> count_streams(const indexed_capture& from,
                                    const std::vector<std::size_t>& numbers,
                                    const counting_plan& plan) {
    stream_totals all;
    for (std::size_t at = 0; at < numbers.size(); at += streams_in_a_pass) {
        const auto end = std::min(at + streams_in_a_pass, numbers.size());
        const auto begin = numbers.begin();
        auto counted = count_some(
            from,
            {begin + static_cast<std::ptrdiff_t>(at), begin + static_cast<std::ptrdiff_t>(end)},
            plan, all);
        if (!counted) return tl::unexpected(counted.error());
    }
    return all;
}

std::string print_streams(const capture& from, const std::vector<std::size_t>& numbers,
                          const stream_totals& found) {
    const bool counts = !found.empty();
    std::vector<row> rows;
    if (counts) {
        rows.push_back({{"stream", "client", "server", "start", "bytes", "frames", "bytes",
                         "frames", "first error"}});
    } else {
        rows.push_back({{"stream", "client", "server", "start", "bytes", "bytes"}});
    }
    for (const auto number : numbers) {
        const auto& one = from.streams.at(number);
        row cells{{std::to_string(number), one.client.address, one.server.address,
                   time_of_day(one.start)}};
        for (const auto side : {stream_side::client, stream_side::server}) {
            cells.cells.push_back(std::to_string(one.side(side).bytes));
            if (!counts) continue;
            const auto& totals = found.at(number).sides.at(static_cast<std::size_t>(side));
            cells.cells.push_back(std::to_string(totals.frames));
        }
        if (counts) cells.cells.push_back(short_fault(found.at(number)));
        rows.push_back(std::move(cells));
    }
    return print_rows(rows, counts ? "rlllrrrrl" : "rlllrr");
}

std::string print_stream_events(const capture& from, const std::vector<std::size_t>& numbers,
                                const stream_totals& found) {
    std::string text;
    for (const auto number : numbers) {
        const auto& one = from.streams.at(number);
        json_members line;
        line.add("time", timestamp(one.start).text());
        line.add("event", "stream");
        line.add("stream", number);
        line.add("from", one.client.address);
        line.add("to", one.server.address);
        for (const auto side : {stream_side::client, stream_side::server}) {
            const auto name = side_name(side);
            line.add(fmt::format("{}_bytes", name), one.side(side).bytes);
            line.add(fmt::format("{}_packets", name), one.side(side).packets);
            line.add(fmt::format("{}_missing", name), one.side(side).missing);
            if (found.empty()) continue;
            const auto& totals = found.at(number).sides.at(static_cast<std::size_t>(side));
            line.add(fmt::format("{}_frames", name), totals.frames);
        }
        if (!found.empty() && found.at(number).fault) {
            const auto& fault = *found.at(number).fault;
            line.add("direction", fault.side == stream_side::client ? "received" : "sent");
            line.add("offset", fault.error.offset);
            line.add("error", error_name(fault.error.code));
            line.add("message", fault.words());
        }
        text += line.end();
    }
    return text;
}

}  // namespace framewire
