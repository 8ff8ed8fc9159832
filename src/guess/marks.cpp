#include "marks.hpp"

#include "mark_table.hpp"
#include "pattern.hpp"
#include "usual_ports.hpp"

#include <algorithm>

namespace framewire {
namespace {

bool applies(mark::sender from, seen_from end, bool is_first) noexcept {
    switch (from) {
        case mark::clients: return end == seen_from::client;
        case mark::servers: return end == seen_from::server;
        case mark::both: return true;
        case mark::clients_first: return is_first && end == seen_from::client;
        case mark::servers_first: return is_first && end == seen_from::server;
    }
    return false;
}

struct comparison {
    bool is_known = false;
    std::optional<double> bits{};
};

void compare(std::string_view preset, seen_from end, bool is_first, bytes head,
             const surprise& expected, comparison& to) {
    for (const auto& one : mark_table) {
        if (one.preset != preset || !applies(one.from, end, is_first)) continue;
        to.is_known = true;
        const auto bits = match_pattern(one.pattern, head, expected);
        if (bits && (!to.bits || *bits > *to.bits)) to.bits = bits;
    }
}

}  // namespace

std::optional<double> compare_marks(std::string_view preset, seen_from end, const stream_cut& cut,
                                    bool begins_midway, const surprise& expected) {
    // Each message that is another's makes it unlikely.
    constexpr double of_another = -6;
    std::optional<double> sum;
    bool is_first = !begins_midway;
    for (const auto& frame : cut.frames) {
        if (frame.payload_head.empty()) continue;
        comparison found;
        compare(preset, end, is_first, frame.payload_head, expected, found);
        is_first = false;
        if (found.is_known) sum = sum.value_or(0) + found.bits.value_or(of_another);
    }
    return sum;
}

bool is_usual_port(std::string_view preset, std::uint16_t port) noexcept {
    return std::ranges::any_of(usual_ports, [&](const usual_port& one) {
        return one.port == port && one.preset == preset;
    });
}

}  // namespace framewire
