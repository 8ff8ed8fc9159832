// Cases of how a stream is cut.

#include "steps.hpp"

#include <fmt/format.h>
#include <array>
#include <chrono>
#include <numeric>

namespace framewire {
namespace {

constexpr std::size_t splits_max = 150;

// Two messages, and the stream of their frames; one if the server ends the connection after it.
std::vector<std::string> two_messages(const check_subject& subject) {
    if (subject.has_one_exchange) return {subject.payloads.front()};
    return subject.numbered_up_to(2);
}

void make_exchange(const check_subject& subject, check_case& into) {
    const auto& message = subject.payloads.front();
    into.scripts.push_back({{}, {send(subject.frame_of(message)), expect({message})}});
}

void make_splits(const check_subject& subject, check_case& into) {
    const auto messages = two_messages(subject);
    const auto stream = subject.stream_of(messages);
    for (const auto at : positions_in(stream.size(), splits_max)) {
        into.scripts.push_back(
            {fmt::format("cut before byte {}", at), {send(stream, {at}), expect(messages)}});
    }
}

void make_bytewise(const check_subject& subject, check_case& into) {
    const auto messages = two_messages(subject);
    const auto stream = subject.stream_of(messages);
    into.scripts.push_back(
        {"byte by byte",
         {send(stream, positions_in(stream.size(), stream.size()), std::chrono::milliseconds(1)),
          expect(messages)}});
}

void make_coalesced(const check_subject& subject, check_case& into) {
    if (subject.frames.is_raw()) return;
    if (subject.has_one_exchange) {
        into.skipped = "the server ends the connection after one reply";
        return;
    }
    const std::vector<std::string> two{subject.numbered(0), subject.numbered(1)};
    const auto third = subject.numbered(2);
    const auto frame = subject.frame_of(third);
    const auto half = frame.size() / 2;
    into.scripts.push_back({"two messages at once", {send(subject.stream_of(two)), expect(two)}});
    if (half == 0) return;
    into.scripts.push_back({"two messages and half of a third at once, then its other half",
                            {send(subject.stream_of(two) + frame.substr(0, half)), expect(two),
                             pass(piece_pause), send(frame.substr(half)), expect({third})}});
}

constexpr std::string_view tcp = "RFC 9293, 3.8; docs/faults.md, 18";

constexpr std::array<check_row, 4> piece_rows{{
    {101, "pieces.whole", check_level::must, "A message in one piece gets its reply.", "this page",
     "Check that framing and service are those of the server.", make_exchange},
    {102, "pieces.split", check_level::must,
     "A message may arrive in any two pieces, and is the same.", tcp,
     "recv(n) returns what has arrived, which may be less than n: call it again, in a loop, until "
     "the header is complete, and then until the payload is.",
     make_splits},
    {103, "pieces.bytewise", check_level::must,
     "A message may arrive byte by byte, and is the same.", tcp,
     "recv(n) returns what has arrived, which may be one byte: call it again, in a loop, until "
     "the "
     "header is complete, and then until the payload is.",
     make_bytewise},
    {104, "pieces.coalesced", check_level::must,
     "Several messages may arrive at once, and each gets its reply.", tcp,
     "What recv() returns may contain more than one message: keep the bytes after the first one, "
     "and read the next message from them before you call recv() again.",
     make_coalesced},
}};

}  // namespace

positions positions_in(std::size_t size, std::size_t count_max) {
    positions all;
    if (size < 2) return all;
    const auto count = std::min(size - 1, count_max);
    for (std::size_t i = 0; i < count; ++i) all.push_back(1 + i * (size - 1) / count);
    return all;
}

check_script script_of(const check_subject& subject, std::string how, std::string stream) {
    auto found = read_stream(subject.frames, stream);
    if (subject.end == checked_end::client) {
        check_script made{std::move(how), {receive(), send(std::move(stream))}};
        if (!found.error) made.steps.push_back(end_stream());
        made.steps.push_back(expect_end_of_client(!found.error));
        return made;
    }
    // What follows the only message is not read.
    const bool is_over = subject.has_one_exchange && !found.payloads.empty();
    if (is_over) found.payloads.resize(1);
    check_script made{std::move(how), {send(std::move(stream))}};
    if (!found.payloads.empty()) made.steps.push_back(expect(found.payloads));
    if (found.error || is_over) {
        made.steps.push_back(advise_end());
    } else if (found.is_incomplete) {
        made.steps.push_back(end_stream());
        made.steps.push_back(advise_end());
    }
    made.steps.push_back(next_client());
    return made;
}

std::span<const check_row> rows_of_pieces() noexcept { return piece_rows; }

}  // namespace framewire
