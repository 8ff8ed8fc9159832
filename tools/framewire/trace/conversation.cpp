#include "conversation.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <memory>
#include <utility>

namespace framewire {
namespace {

using kind = transcript_line::kind;
using reading = std::function<result<void>(const line_sink&)>;

// A day of traffic that is held by mistake.
constexpr std::uint64_t held_bytes_max = 64 * MiB;

}  // namespace

reading held(std::vector<transcript_line> lines) {
    auto kept = std::make_shared<const std::vector<transcript_line>>(std::move(lines));
    return [kept](const line_sink& to) -> result<void> {
        for (const auto& line : *kept) to(line);
        return {};
    };
}

result<std::vector<transcript_line>> all_lines(const conversation& shown,
                                               std::uint64_t bytes_max) {
    std::vector<transcript_line> lines;
    std::uint64_t size = 0;
    auto read = shown.read([&](const transcript_line& line) {
        size += line.text.size() + sizeof line;
        if (size <= bytes_max) lines.push_back(line);
    });
    if (!read) return tl::unexpected(read.error());
    if (size <= bytes_max) return lines;
    return tl::unexpected(failure{
        fmt::format("holding the conversation would take more than {}", format_size(bytes_max)),
        "--frames A..B shows a part of it"});
}

transcript_line turned(transcript_line line) {
    line.way = line.way == direction::sent ? direction::received : direction::sent;
    if (line.what == kind::from_peer) {
        line.what = kind::to_peer;
    } else if (line.what == kind::to_peer) {
        line.what = kind::from_peer;
    }
    return line;
}

conversation swapped(conversation shown) {
    std::swap(shown.client, shown.server);
    shown.read = [read = std::move(shown.read)](const line_sink& to) {
        return read([&](const transcript_line& line) { to(turned(line)); });
    };
    return shown;
}

conversation one_side_of(conversation shown, stream_side side) {
    shown.read = [read = std::move(shown.read), side](const line_sink& to) {
        return read([&](const transcript_line& line) {
            const auto way = way_of(line);
            if (way == direction::both || side_of(way) == side) to(line);
        });
    };
    return shown;
}

result<conversation> cut_further(conversation shown, const chunking& cuts) {
    return all_lines(shown, held_bytes_max).map([&](const std::vector<transcript_line>& lines) {
        shown.read = held(cut(lines, cuts));
        return std::move(shown);
    });
}

}  // namespace framewire
