// The targets that feed framings, one for each group of `specs.txt`.

#include "memory_watch.hpp"
#include "receiving.hpp"
#include "round_trip.hpp"
#include "run_trial.hpp"
#include "spec_lists.hpp"
#include "trial.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace framewire::fuzz {
namespace {

void expect_sense(const framing& framing, const std::vector<bytes>& reads,
                  const std::vector<outcome>& received, std::uint64_t stream_bytes) {
    const auto bound_of = [](const class framing& of) {
        return of.payload_bytes_max().value_or(receiver{}.assembled_bytes_max);
    };
    const auto* const first = framing.first();
    const auto expect = [&](bool holds, std::string_view claim) {
        if (!holds) refute(claim, framing, reads, print(received));
    };
    for (const auto& one : received) {
        const auto& its = first != nullptr && &one == &received.front() ? *first : framing;
        const auto bound = bound_of(its);
        const bool ends = one.what == event::kind::finished || one.what == event::kind::failed;
        expect(ends == (&one == &received.back()), "a stream ends once");
        expect(one.offset <= stream_bytes, "what is said is about the stream");
        if (one.what == event::kind::frame) {
            expect(one.payload.size() <= bound, "no payload exceeds the bound");
        }
        if (one.what == event::kind::skipped) {
            expect(one.skipped_size > bound || its.counts() == counting::in_characters,
                   "only what exceeds the bound is skipped");
        }
        if (one.what == event::kind::finished || one.error == errc::frame_truncated) {
            expect(one.offset == stream_bytes, "the stream's end is where its bytes end");
        }
    }
}

// By a session and by a bare decoder.
void expect_outcomes(const framing& framing, const std::vector<bytes>& reads, receiver allowed,
                     const std::vector<outcome>& expected) {
    const auto received = receive(framing, reads, allowed);
    if (received != expected) {
        refute("a session says the same however the stream is cut", framing, reads,
               "expected:\n" + print(expected) + "said:\n" + print(received));
    }
    const auto read = strict_reader(framing, reads, allowed).read();
    if (read != expected) {
        refute("a decoder says what a session says", framing, reads,
               "session:\n" + print(expected) + "decoder:\n" + print(read));
    }
    if (framing.first() == nullptr || allowed.mode != delivery::whole) return;
    const auto followed = read_direction(framing, reads, allowed);
    if (followed != expected) {
        refute("a decoder of a direction says what a session says", framing, reads,
               "session:\n" + print(expected) + "decoder:\n" + print(followed));
    }
}

void expect_same_however_cut(const framing& framing, const trial& trial) {
    const std::vector<bytes> in_one_piece{trial.stream};
    const auto whole = receive(framing, in_one_piece);
    expect_sense(framing, in_one_piece, whole, trial.stream.size());
    for (const auto& reads : {in_one_piece, trial.reads(), byte_by_byte(trial.stream)}) {
        expect_outcomes(framing, reads, {}, whole);
    }
    // A receiver that puts together less, and one that takes larger payloads in pieces.
    constexpr std::uint64_t few = 6;
    for (const auto mode : {delivery::whole, delivery::pieces}) {
        const receiver allowed{few, mode};
        expect_outcomes(framing, trial.reads(), allowed, receive(framing, in_one_piece, allowed));
    }
}

// Of `raw` the reads are the payloads, after what may be its first frame.
void expect_all_bytes(const framing& framing, const trial& trial) {
    const auto reads = trial.reads();
    const auto received = receive(framing, reads);
    std::string all;
    for (const auto& one : received) all += one.payload;
    if (framing.first() == nullptr && all != trial.stream)
        refute("raw delivers every byte", framing, reads, print(received));
    expect_outcomes(framing, reads, {}, received);
}

// Memory follows what arrived and not what was announced.
void expect_bounded_memory(const framing& framing, const trial& trial) {
    constexpr std::size_t words_bytes_max = 4096;
    const auto reads = trial.reads();
    const memory_watch watch;
    session receiver_session(framing, limits{}, delivery::whole, {});
    for (const auto read : reads) {
        receiver_session.receive(read);
        while (receiver_session.next()) continue;
        receiver_session.hold();
    }
    if (watch.most() > words_bytes_max + 4 * trial.stream.size()) {
        refute("memory follows what arrived", framing, reads,
               std::to_string(watch.most()) + " bytes of memory");
    }
}

// What the service and the peer do follows from how the stream is cut.
void expect_same_in_runs(const framing& framing, const trial& trial) {
    const auto [mode, size, queue, budget] = trial.sizes;
    const auto reads = trial.reads();
    tests::conduct as{.mode = mode % 2 == 0 ? delivery::whole : delivery::pieces,
                      .how = static_cast<tests::conduct::style>(mode / 2 % 3),
                      .seed = mode + 256U * size};
    if (size % 2 == 0) as.closes_at_size = size / 4U;
    if (queue % 2 == 0) as.bounds.queued_bytes_max = queue + 1U;
    if (budget % 2 == 0) as.bounds.tiny_frames_per_second_max = budget / 2U + 1;
    const auto difference = tests::difference_in_runs(framing, as, reads);
    if (!difference.empty()) {
        refute("runs are what is passed on one by one", framing, reads, difference);
    }
}

void expect_all(const framing& framing, const trial& trial) {
    const auto reads = trial.reads();
    framing.is_raw() ? expect_all_bytes(framing, trial) : expect_same_however_cut(framing, trial);
    expect_same_in_runs(framing, trial);
    expect_bounded_memory(framing, trial);
    expect_round_trip(framing, trial.stream, reads);
}

}  // namespace
}  // namespace framewire::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace framewire::fuzz;
    static const auto framings = parse_specs(list_name);
    if (size < trial::head_bytes) return -1;
    const auto trial = trial::parse({reinterpret_cast<const char*>(data), size});
    const auto& framing = framings[trial.spec % framings.size()];
    expect_all(framing, trial);
    if (!framing.is_symmetric()) expect_all(framing.reversed(), trial);
    return 0;
}
