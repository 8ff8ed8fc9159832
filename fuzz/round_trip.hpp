#pragma once

#include "hearing.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace framewire::fuzz {

/// What is encoded is decoded to the same, and what is refused leaves no trace.
inline void expect_round_trip(const framing& framing, bytes payload) {
    constexpr std::array refusals{errc::frame_too_large, errc::frame_wrong_size, errc::frame_utf8};
    std::string out = "before";
    const auto encoded = framing.encode(payload, out);
    if (!encoded) {
        if (out != "before") refute("a refused payload writes nothing", framing, {payload}, out);
        if (std::ranges::find(refusals, encoded.error()) == refusals.end()) {
            refute("this is no reason to refuse", framing, {payload}, error_name(encoded.error()));
        }
        return;
    }
    const auto frame = out.substr(std::string_view("before").size());
    if (framing.is_raw()) {
        if (frame != payload) refute("raw adds nothing", framing, {frame});
        return;
    }
    const auto stream = frame + frame;
    const std::string whole(payload);
    const std::vector<said> expected{
        {.what = event::kind::frame, .offset = 0, .payload = whole},
        {.what = event::kind::frame, .offset = frame.size(), .payload = whole},
        {.what = event::kind::finished, .offset = stream.size()}};
    const auto heard = hear(framing, {stream});
    if (heard != expected) {
        refute("two encoded frames are decoded to what they were", framing, {stream},
               print(expected) + print(heard));
    }
}

}  // namespace framewire::fuzz
