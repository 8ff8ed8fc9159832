#include "recorded.hpp"

#include "captures/indexed_capture.hpp"
#include "framewire/core/units.hpp"
#include "framewire/transcript/conversations.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <set>
#include <utility>

namespace framewire {
namespace {

using std::chrono::microseconds;

result<std::set<std::uint64_t>> chosen_connections(const conversations& all,
                                                   const reading_plan& plan) {
    const auto numbers = all.connections();
    if (numbers.empty()) return tl::unexpected(failure{"nothing is said in the transcript"});
    if (!plan.names_streams || plan.streams.numbers.empty())
        return std::set(numbers.begin(), numbers.end());
    for (const auto wanted : plan.streams.numbers) {
        if (std::ranges::find(numbers, wanted) == numbers.end()) {
            return tl::unexpected(
                failure{fmt::format("there is no connection {} in the transcript", wanted),
                        fmt::format("the first is {}", numbers.front())});
        }
    }
    return std::set<std::uint64_t>(plan.streams.numbers.begin(), plan.streams.numbers.end());
}

result<recorded_lines> read_transcript(const std::string& text, const reading_plan& plan) {
    auto all = conversations::parse(text);
    if (!all) return tl::unexpected(all.error());
    const auto chosen = chosen_connections(*all, plan);
    if (!chosen) return tl::unexpected(chosen.error());
    recorded_lines found{plan.has_framing ? plan.framing_for() : all->framing};
    microseconds at{0};
    for (auto& line : all->lines) {
        at += line.elapsed;
        if (chosen->contains(line.connection)) found.lines.push_back({std::move(line), at});
    }
    return found;
}

result<recorded_lines> read_capture(capture_file file, const reading_plan& plan) {
    auto from = index_capture(std::move(file));
    if (!from) return tl::unexpected(from.error());
    const auto numbers = choose(from->found, plan.streams);
    if (!numbers) return tl::unexpected(numbers.error());
    if (numbers->size() > 1 && !plan.names_streams) {
        return tl::unexpected(
            failure{fmt::format("the capture has {} streams", numbers->size()),
                    fmt::format("--stream {} plays one of them, --stream all plays them all; "
                                "'framewire trace FILE' lists them",
                                numbers->front())});
    }
    recorded_lines found{.framing = plan.framing_for(), .is_captured = true};
    found.remarks = from->found.remarks;
    auto start = std::chrono::system_clock::time_point::max();
    for (const auto number : *numbers) {
        const auto& stream = from->found.streams.at(number);
        start = std::min(start, stream.start);
        found.remarks.insert(found.remarks.end(), stream.remarks.begin(), stream.remarks.end());
        if (stream.guessed_sides) {
            found.remarks.push_back(fmt::format("the port numbers decided that {} is the server",
                                                stream.server.address));
        }
    }
    std::uint64_t held = 0;
    auto read = read_pieces(
        from->file, {{numbers->begin(), numbers->end()}},
        [&](const captured_stream& stream, const captured_piece& piece) {
            held += sizeof(timed_line) + piece.data.size();
            if (held > plan.bytes_max) return;
            auto line = line_of(piece);
            line.number = static_cast<std::size_t>(piece.packet);
            line.connection = stream.number + 1;
            const auto at = std::chrono::duration_cast<microseconds>(piece.time - start);
            found.lines.push_back({std::move(line), std::max(at, microseconds(0))});
        });
    if (!read) return tl::unexpected(read.error());
    if (held > plan.bytes_max) {
        return tl::unexpected(
            failure{fmt::format("the streams have more than {}, which is held in memory",
                                format_size(plan.bytes_max)),
                    "--stream N plays one of them"});
    }
    // Each stream is in order; among several, the times are.
    std::ranges::stable_sort(found.lines, {}, &timed_line::at);
    return found;
}

}  // namespace

result<recorded_lines> read_recorded(const std::string& path, const reading_plan& plan) {
    auto file = capture_file::open(path);
    if (!file) return tl::unexpected(file.error());
    if (file->is_capture()) return read_capture(*std::move(file), plan);
    const auto text = file->content(plan.bytes_max);
    if (!text) return tl::unexpected(text.error());
    return read_transcript(*text, plan).map_error([&](failure why) {
        why.words = fmt::format("{}: {}", file->name(), why.words);
        return why;
    });
}

}  // namespace framewire
