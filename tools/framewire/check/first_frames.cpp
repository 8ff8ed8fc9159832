// Cases of a stream whose first frame is of another framing.

#include "steps.hpp"

#include <fmt/format.h>
#include <array>
#include <string>
#include <utility>

namespace framewire {
namespace {

std::string first_frame(const check_subject& subject) {
    std::string frame;
    (void)subject.frames.first()->encode(*subject.opening, frame);
    return frame;
}

void add_opening(const check_subject& subject, std::string how, std::string stream, positions cuts,
                 check_case& into) {
    check_script script{std::move(how),
                        {send(std::move(stream), std::move(cuts)),
                         expect({*subject.opening, subject.payloads.front()})}};
    script.has_opening = true;
    into.scripts.push_back(std::move(script));
}

void make_split_first(const check_subject& subject, check_case& into) {
    if (!subject.opening) return;
    const auto first = first_frame(subject);
    const auto stream = first + subject.frame_of(subject.payloads.front());
    add_opening(subject, "the first two frames at once", stream, {}, into);
    for (const auto at : positions_in(first.size() + 1, first.size())) {
        add_opening(subject, fmt::format("cut before byte {}", at), stream, {at}, into);
    }
}

// All that is wrong in a frame of that framing, as in the rows about frames.
void make_spoiled_first(const check_subject& subject, check_case& into) {
    if (!subject.opening) return;
    auto of_first = subject;
    of_first.frames = *subject.frames.first();
    of_first.payloads = {*std::exchange(of_first.opening, {})};
    of_first.has_one_exchange = true;  // nothing is sent before it
    check_case spoiled;
    for (const auto rows : {rows_of_lengths(), rows_of_frames()}) {
        for (const auto& row : rows) row.make(of_first, spoiled);
    }
    for (auto& script : spoiled.scripts) {
        script.has_opening = true;
        into.scripts.push_back(std::move(script));
    }
}

constexpr auto first_rows = std::to_array<check_row>({
    {331, "first.split", check_level::must,
     "The first frame may arrive in any two pieces, and together with the next.",
     "RFC 9293, 3.8; docs/faults.md, 18",
     "Read the first frame as all others: in a loop until it is complete. Keep the bytes after "
     "it, "
     "which are of the other framing.",
     make_split_first},
    {332, "first.spoiled", check_level::must, "The first frame keeps the rules of its framing.",
     "docs/faults.md, 1 to 29",
     "Check the first frame as strictly as all others, and close the connection where it is "
     "wrong.",
     make_spoiled_first},
});

}  // namespace

std::span<const check_row> rows_of_first_frames() noexcept { return first_rows; }

}  // namespace framewire
