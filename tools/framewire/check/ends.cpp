// Cases of how a connection ends.

#include "steps.hpp"

#include <fmt/format.h>
#include <array>

namespace framewire {
namespace {

constexpr std::size_t cuts_max = 100;

void make_truncations(const check_subject& subject, check_case& into) {
    if (subject.frames.is_raw()) return;
    const auto frame = subject.frame_of(subject.payloads.front());
    for (const auto at : positions_in(frame.size(), cuts_max)) {
        const auto begun = frame.substr(0, at);
        const auto found = read_stream(subject.frames, begun);
        if (!found.is_incomplete || !found.payloads.empty()) continue;
        into.scripts.push_back({fmt::format("after {} of {} bytes", at, frame.size()),
                                {send(begun), end_stream(), advise_end()}});
    }
    if (!into.scripts.empty()) into.scripts.back().steps.push_back(next_client());
}

constexpr std::array<check_row, 1> end_rows{{
    {401, "ends.truncated", check_level::must,
     "A message whose end is missing is no message, and harms no other client.",
     "docs/faults.md, 21",
     "If recv() returns nothing, the client has ended its stream: discard the incomplete message, "
     "and close the connection.",
     make_truncations},
}};

}  // namespace

std::span<const check_row> rows_of_ends() noexcept { return end_rows; }

}  // namespace framewire
