// One target for each list of `specs.hpp`: FRAMEWIRE_FUZZ_LIST names it.

#include "hearing.hpp"
#include "memory_watch.hpp"
#include "round_trip.hpp"
#include "specs.hpp"
#include "trial.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace framewire::fuzz {
namespace {

constexpr std::uint64_t payload_bytes_max = limits{}.assembled_bytes_max;

std::vector<framing> parse_specs() {
    const auto* const list = std::ranges::find(spec_lists, FRAMEWIRE_FUZZ_LIST, &spec_list::name);
    if (list == spec_lists.end()) std::abort();
    std::vector<framing> parsed;
    for (std::size_t i = 0; i < list->size(); ++i) {
        parsed.push_back(framing::parse(list->specs[i]).value());
    }
    return parsed;
}

void expect_one_end(const framing& framing, const std::vector<bytes>& reads,
                    const std::vector<said>& heard) {
    const auto ends = std::ranges::count_if(heard, [](const said& one) {
        return one.what == event::kind::finished || one.what == event::kind::failed;
    });
    const bool last = !heard.empty() && (heard.back().what == event::kind::finished ||
                                         heard.back().what == event::kind::failed);
    if (ends != 1 || !last) refute("a stream ends once", framing, reads, print(heard));
}

// Whole, cut as the input says, and byte by byte; by a session and by a bare decoder.
void expect_same_however_cut(const framing& framing, const trial& trial) {
    const std::vector<std::vector<bytes>> cuts{
        {trial.stream}, trial.reads(), byte_by_byte(trial.stream)};
    const auto whole = hear(framing, cuts.front());
    expect_one_end(framing, cuts.front(), whole);
    for (const auto& reads : cuts) {
        const auto heard = hear(framing, reads);
        if (heard != whole) {
            refute("the cuts do not matter", framing, reads,
                   "whole:\n" + print(whole) + "cut:\n" + print(heard));
        }
        const auto read = strict_reader(framing, reads, payload_bytes_max).read();
        if (read != whole) {
            refute("a decoder says what a session says", framing, reads,
                   "session:\n" + print(whole) + "decoder:\n" + print(read));
        }
    }
}

// Of `raw` the reads are the payloads.
void expect_all_bytes(const framing& framing, const trial& trial) {
    const auto reads = trial.reads();
    const auto heard = hear(framing, reads);
    std::string all;
    for (const auto& one : heard) all += one.payload;
    if (all != trial.stream) refute("raw delivers every byte", framing, reads, print(heard));
    const auto read = strict_reader(framing, reads, payload_bytes_max).read();
    if (read != heard) {
        refute("a decoder says what a session says", framing, reads, print(heard) + print(read));
    }
}

// Memory follows what arrived and not what was announced.
void expect_bounded_memory(const framing& framing, const trial& trial) {
    constexpr std::size_t words_bytes_max = 4096;
    const auto reads = trial.reads();
    const memory_watch watch;
    session listener(framing, limits{}, delivery::whole, {});
    for (const auto read : reads) {
        listener.receive(read);
        while (listener.next()) continue;
        listener.hold();
    }
    if (watch.most() > words_bytes_max + 4 * trial.stream.size()) {
        refute("memory follows what arrived", framing, reads,
               std::to_string(watch.most()) + " bytes of memory");
    }
}

}  // namespace
}  // namespace framewire::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace framewire::fuzz;
    static const auto framings = parse_specs();
    if (size < trial::head_bytes) return -1;
    const auto trial = trial::parse({reinterpret_cast<const char*>(data), size});
    const auto& framing = framings[trial.spec % framings.size()];
    framing.is_raw() ? expect_all_bytes(framing, trial) : expect_same_however_cut(framing, trial);
    expect_bounded_memory(framing, trial);
    expect_round_trip(framing, trial.stream);
    return 0;
}
