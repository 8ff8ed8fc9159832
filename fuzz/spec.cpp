// A spec, and behind a line end a payload for it.

#include "round_trip.hpp"

#include <cstdint>
#include <cstdio>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace framewire;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto spec = input.substr(0, input.find('\n'));
    const auto parsed = framing::parse(spec);
    if (!parsed) {
        if (!parsed.error().message().empty()) return 0;
        std::fputs("a refusal has words\n", stderr);
        std::abort();
    }
    if (parsed->spec() != spec) fuzz::refute("a spec prints as it was written", *parsed, {spec});
    if (!framing::parse(parsed->spec())) {
        fuzz::refute("a spec that is printed can be read", *parsed, {spec});
    }
    const auto payload = input.substr(std::min(spec.size() + 1, input.size()));
    fuzz::expect_round_trip(*parsed, payload, fuzz::byte_by_byte(payload));
    if (!parsed->is_symmetric())
        fuzz::expect_round_trip(parsed->reversed(), payload, fuzz::byte_by_byte(payload));
    return 0;
}
