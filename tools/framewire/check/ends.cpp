// Cases of how a connection ends.

#include "steps.hpp"

#include <fmt/format.h>
#include <array>

namespace framewire {
namespace {

constexpr std::size_t cuts_max = 100;

// The beginning of a frame that is not all of it; empty if there is none.
std::string half_frame(const check_subject& subject) {
    if (subject.frames.is_raw()) return {};
    const auto frame = subject.frame_of(subject.payloads.front());
    auto half = frame.substr(0, frame.size() / 2);
    const auto found = read_stream(subject.frames, half);
    if (!found.is_incomplete || !found.payloads.empty()) half.clear();
    return half;
}

void make_truncations(const check_subject& subject, check_case& into) {
    if (subject.frames.is_raw()) return;
    const auto frame = subject.frame_of(subject.payloads.front());
    for (const auto at : positions_in(frame.size(), cuts_max)) {
        const auto begun = frame.substr(0, at);
        const auto found = read_stream(subject.frames, begun);
        if (!found.is_incomplete || !found.payloads.empty()) continue;
        into.scripts.push_back({fmt::format("the end after {} of {} bytes", at, frame.size()),
                                {send(begun), end_stream(), advise_end(), next_client()}});
    }
}

void make_end_inside(const check_subject& subject, check_case& into) {
    const auto half = half_frame(subject);
    if (half.empty() || subject.has_one_exchange) return;
    const auto& whole = subject.payloads.front();
    into.scripts.push_back({"a message, half of another, and the end",
                            {send(subject.frame_of(whole) + half), end_stream(), expect({whole}),
                             advise_end(), next_client()}});
}

void make_half_close(const check_subject& subject, check_case& into) {
    const auto messages = subject.numbered_up_to(subject.has_one_exchange ? 1 : 20);
    if (!subject.replies()) {
        into.skipped = "the server does not reply";
        return;
    }
    into.scripts.push_back(
        {fmt::format("{} messages, and the end", messages.size()),
         {send(subject.stream_of(messages)), end_stream(), expect(messages), advise_end()}});
}

void make_nothing_sent(const check_subject& /*subject*/, check_case& into) {
    into.scripts.push_back(
        {"a connection that ends at once", {end_stream(), advise_end(), next_client()}});
    into.scripts.push_back({"a connection that is reset at once", {reset(), next_client()}});
}

void make_reset_inside(const check_subject& subject, check_case& into) {
    const auto half = half_frame(subject);
    if (half.empty()) return;
    into.scripts.push_back({"half of a message, and a reset",
                            {send(half), pass(piece_pause), reset(), next_client()}});
}

void make_reset_unread(const check_subject& subject, check_case& into) {
    const auto messages = subject.numbered_up_to(subject.has_one_exchange ? 1 : 100);
    into.scripts.push_back(
        {fmt::format("{} messages, and a reset", messages.size()),
         {send_unread(subject.stream_of(messages), piece_pause), reset(), next_client()}});
}

constexpr std::string_view one_client_only =
    "What goes wrong while you read from or write to one client concerns that client only: catch "
    "it there, close the connection, and serve the others.";

constexpr auto end_rows = std::to_array<check_row>({
    {401, "end.truncated", check_level::must,
     "A message whose end is missing is no message, and harms no other client.",
     "docs/faults.md, 21",
     "If recv() returns nothing, the client has ended its stream: discard the incomplete message, "
     "and close the connection.",
     make_truncations},
    {402, "end.truncated-later", check_level::must,
     "Whole messages before an incomplete one get their replies.", "docs/faults.md, 21",
     "Reply to a message as soon as it is complete. If the client ends its stream inside the "
     "next one, discard what there is of it.",
     make_end_inside},
    {403, "end.half-close", check_level::must,
     "A client that has ended its stream still gets all replies.",
     "RFC 9293, 3.6; docs/faults.md, 40",
     "The end of a client's stream says that it sends no more; it may still read. Send all "
     "replies "
     "that are due, then close the connection.",
     make_half_close},
    {404, "end.at-once", check_level::must,
     "A client may leave before it has sent anything, and harms no other.", "docs/faults.md, 22",
     one_client_only, make_nothing_sent},
    {405, "end.reset", check_level::must, "A client that resets inside a message harms no other.",
     "docs/faults.md, 41", one_client_only, make_reset_inside},
    {406, "end.reset-unread", check_level::must,
     "A client that resets and has not read its replies harms no other.",
     "docs/faults.md, 41 and 43", one_client_only, make_reset_unread},
});

}  // namespace

std::span<const check_row> rows_of_ends() noexcept { return end_rows; }

}  // namespace framewire
