// Cases of much, slow and many.

#include "process_memory.hpp"
#include "steps.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <chrono>

namespace framewire {
namespace {

using namespace std::chrono_literals;

// As many as a client may send before it reads; their replies are less than what sockets hold.
constexpr std::size_t pipelined = 1'000;
constexpr std::size_t pipelined_bytes_max = 200'000;

constexpr std::size_t flood_chunk_bytes = 600'000;
constexpr std::size_t flood_bytes_max = 3 * memory_growth_max;

// True if one connection may have several messages, each with a reply.
bool has_many(const check_subject& subject, check_case& into) {
    if (subject.has_one_exchange) into.skipped = "the server ends the connection after one reply";
    if (!subject.replies()) into.skipped = "the server does not reply";
    return into.skipped.empty();
}

void make_pipelined(const check_subject& subject, check_case& into) {
    if (!has_many(subject, into)) return;
    const auto size = subject.frame_of(subject.numbered(pipelined)).size() +
                      subject.reply_to(subject.numbered(pipelined)).value_or("").size();
    const auto count = std::clamp<std::size_t>(pipelined_bytes_max / size, 10, pipelined);
    const auto messages = subject.numbered_up_to(count);
    into.scripts.push_back({fmt::format("{} messages, and their replies read 200ms later", count),
                            {send_unread(subject.stream_of(messages), 200ms), expect(messages)}});
}

// Replies to as much are more than sockets and a careful server hold.
void make_unread(const check_subject& subject, check_case& into) {
    if (!has_many(subject, into)) return;
    if (!subject.has_process) {
        into.skipped = "the server's memory is read with --pid";
        return;
    }
    auto message = subject.numbered(0);
    if (subject.service == replying::echo && subject.makes_messages) {
        for (const std::size_t size : {60'000U, 9'000U, 900U, 90U}) {
            auto large = std::string(size, 'x');
            if (!subject.carries(large)) continue;
            message = std::move(large);
            break;
        }
    }
    const auto frame = subject.frame_of(message);
    std::string many;
    while (many.size() < flood_chunk_bytes) many += frame;
    into.scripts.push_back(
        {fmt::format("messages of {} bytes, and no reply is read", frame.size()),
         {flood(std::move(many), flood_bytes_max, 200ms), pass(short_wait), reset(),
          next_client()}});
}

// Large ones take longer than small ones, so a server with threads may be tempted.
void make_order(const check_subject& subject, check_case& into) {
    if (subject.service != replying::echo || subject.numbered(0) == subject.numbered(1)) return;
    if (!has_many(subject, into)) return;
    std::vector<std::string> messages;
    for (std::size_t i = 0; i < 30; ++i) {
        auto text = fmt::format("{:02} ", i) + std::string(i % 3 == 0 ? 2000 : 1, 'x');
        messages.push_back(subject.carries(text) ? std::move(text) : subject.numbered(i));
    }
    into.scripts.push_back({"30 messages of different sizes at once",
                            {send(subject.stream_of(messages)), expect(messages)}});
}

void make_slow(const check_subject& subject, check_case& into) {
    const auto& message = subject.payloads.front();
    const auto frame = subject.frame_of(message);
    auto cuts = positions_in(frame.size(), 12);
    into.scripts.push_back({fmt::format("{} pieces, 30ms apart", cuts.size() + 1),
                            {send(frame, std::move(cuts), 30ms), expect({message})}});
}

void make_idle(const check_subject& subject, check_case& into) {
    if (subject.has_one_exchange) return;
    const auto first = subject.numbered(0);
    const auto second = subject.numbered(1);
    into.scripts.push_back({"500ms of silence between two messages",
                            {send(subject.frame_of(first)), expect({first}), pass(500ms),
                             send(subject.frame_of(second)), expect({second})}});
}

void make_beside(const check_subject& subject, check_case& into) {
    if (subject.frames.is_raw()) return;
    const auto& message = subject.payloads.front();
    const auto frame = subject.frame_of(message);
    if (frame.size() < 2) return;
    const auto half = frame.size() / 2;
    into.scripts.push_back({"another client, while this one has sent half of a message",
                            {send(frame.substr(0, half)), other_client(), send(frame.substr(half)),
                             expect({message})}});
}

void make_crowd(const check_subject& /*subject*/, check_case& into) {
    into.scripts.push_back({"50 connections at once", {crowd(50)}});
}

void make_in_turn(const check_subject& /*subject*/, check_case& into) {
    into.scripts.push_back(
        {"100 connections, one after the other", std::vector<check_step>(100, next_client())});
}

constexpr std::string_view many_at_once =
    "Serve each client in a thread or task of its own, or wait for all of them at once (select(), "
    "poll(), epoll): one that is slow, or has left without a word, must not keep the others "
    "waiting.";

constexpr auto load_rows = std::to_array<check_row>({
    {501, "load.pipelined", check_level::must,
     "A client may send many messages before it reads the replies.", "docs/faults.md, 19 and 51",
     "Reply to every message, in order. If send() takes less than you give it, send the rest "
     "later.",
     make_pipelined},
    {502, "load.order", check_level::must, "Replies come in the order of the messages.",
     "this page", "Let each reply wait for those before it.", make_order},
    {503, "load.slow", check_level::must, "A message may arrive slowly.",
     "docs/faults.md, 49 and 50",
     "Do not take a pause for the end of a message: the header says where that is. Deadlines "
     "should "
     "be seconds.",
     make_slow},
    {504, "load.idle", check_level::must, "A client may be silent between two messages.",
     "docs/faults.md, 53", "Do not close a connection only because nothing arrives for a moment.",
     make_idle},
    {505, "load.in-turn", check_level::must, "Connections may come one after the other.",
     "docs/faults.md, 48",
     "Close what belongs to a connection when it ends, and keep nothing of it for the next.",
     make_in_turn},
    {506, "load.beside", check_level::should,
     "A client that is in the middle of a message does not stop the others.",
     "docs/faults.md, 17 and 49", many_at_once, make_beside},
    {507, "load.crowd", check_level::should, "Many clients are served at once.",
     "docs/faults.md, 48", many_at_once, make_crowd},
    {508, "load.unread", check_level::must,
     "What a client does not read does not pile up in the server.", "docs/faults.md, 19 and 51",
     "While a client does not take its replies, do not read its messages: what is kept for it "
     "must have a bound.",
     make_unread},
});

}  // namespace

std::span<const check_row> rows_of_load() noexcept { return load_rows; }

}  // namespace framewire
