// The header of a proxy: however it is cut, it says the same, and is never larger than allowed.

#include "transport/proxy_header.hpp"
#include "transport/proxy_header_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace framewire::fuzz {
namespace {

void expect(bool holds, const char* claim) {
    if (holds) return;
    std::fputs(claim, stderr);
    std::fputs(" does not hold\n", stderr);
    std::abort();
}

// What a reader has found, and in how many bytes; or the name of its error.
struct outcome {
    std::string text;
    std::size_t size = 0;
    bool operator==(const outcome&) const = default;
};

std::string print(const proxy_header& found) {
    if (!found.source) return "nobody";
    return found.source->text() + " " + found.destination->text();
}

outcome read(std::string_view wire, std::size_t step) {
    proxy_header_reader reader;
    outcome all;
    for (std::size_t at = 0; at < wire.size(); at += step) {
        const std::string part(wire.substr(at, step));  // its end is the allocation's
        const auto taken = reader.receive(part);
        if (!taken) return {std::string(error_name(taken.error().code)), 0};
        all.size += *taken;
        expect(*taken <= part.size(), "it takes what there is");
        expect(reader.held_bytes() <= proxy_header_bytes_max, "it holds no more than allowed");
        if (!reader.header()) continue;
        expect(all.size <= proxy_header_bytes_max, "it is no larger than allowed");
        all.text = print(*reader.header());
        return all;
    }
    return all;
}

// Of numeric addresses.
void expect_same_when_written(std::string_view wire) {
    proxy_header_reader reader;
    if (!reader.receive(wire) || !reader.header() || !reader.header()->source) return;
    const auto& found = *reader.header();
    if (found.source->kind == endpoint::family::local) return;
    for (const auto as : {proxy_announcement::version::v1, proxy_announcement::version::v2}) {
        const auto text = found.text(as);
        expect(read(text, text.size()) == outcome{print(found), text.size()},
               "what is written reads the same");
    }
}

}  // namespace
}  // namespace framewire::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace framewire::fuzz;
    const std::string_view wire(reinterpret_cast<const char*>(data), size);
    const auto whole = read(wire, std::max<std::size_t>(size, 1));
    expect(read(wire, 1) == whole, "it is the same byte by byte");
    expect(read(wire, 7) == whole, "it is the same in pieces of seven");
    expect_same_when_written(wire);
    return 0;
}
