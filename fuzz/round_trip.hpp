#pragma once

#include "receiving.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace framewire::fuzz {

/// One frame, written in pieces; false where something about it is refused.
inline bool encode_in_pieces(const framing& framing, const std::vector<bytes>& pieces,
                             bytes payload, std::string& out) {
    auto announced = unknown_length;
    if (framing.announces_length()) {
        announced = framing.counts() == counting::in_bytes ? payload.size() : count_utf8(payload);
    }
    auto frame = framing.begin(announced, out);
    if (!frame) return false;
    for (const auto piece : pieces) {
        if (!framing.append(*frame, piece, out)) return false;
    }
    return framing.end(*frame, out).has_value();
}

inline void expect_reason(errc refused, const framing& framing, bytes payload) {
    constexpr std::array refusals{errc::frame_too_large, errc::frame_wrong_size,
                                  errc::frame_utf8,      errc::frame_delimiter,
                                  errc::frame_syntax,    errc::frame_length_syntax};
    if (std::ranges::find(refusals, refused) == refusals.end()) {
        refute("this is no reason to refuse", framing, {payload}, error_name(refused));
    }
}

/// Only a session knows which frame is the first: what one sends, another receives. Of `raw` the
/// payloads after the first are reads; nothing follows a payload that ends with its stream.
inline void expect_conversation(const framing& framing, bytes payload,
                                const std::vector<bytes>& pieces) {
    session sender(framing.reversed(), limits{}, delivery::whole, {});
    std::vector<outcome> expected;
    std::vector<bytes> payloads{payload, payload};
    payloads.insert(payloads.end(), pieces.begin(), pieces.end());
    for (const auto each : payloads) {
        const auto before = sender.output().size();
        const auto sent = sender.send(each);
        if (!sent) {
            if (sender.output().size() != before)
                refute("a refused payload writes nothing", framing, {each});
            expect_reason(sent.error(), framing, each);
            continue;
        }
        expected.push_back(
            {.what = event::kind::frame, .offset = before, .payload = std::string(each)});
        const auto& its = expected.size() == 1 ? *framing.first() : framing;
        if (its.describe().own == grammar::stream || framing.is_raw()) break;
    }
    const auto stream = sender.output();
    expected.push_back({.what = event::kind::finished, .offset = stream.size()});
    const auto received = receive(framing, {stream});
    if (received != expected) {
        refute("what a session sends another receives", framing, {stream},
               print(expected) + print(received));
    }
}

/// What is encoded is decoded to the same, what is refused leaves no trace, and in pieces it is no
/// different.
inline void expect_round_trip(const framing& framing, bytes payload,
                              const std::vector<bytes>& pieces) {
    if (framing.first() != nullptr) return expect_conversation(framing, payload, pieces);
    std::string out = "before";
    std::string in_pieces = out;
    const auto encoded = framing.encode(payload, out);
    if (encode_in_pieces(framing, pieces, payload, in_pieces) != encoded.has_value()) {
        refute("in pieces the same is refused", framing, pieces);
    }
    if (!encoded) {
        if (out != "before") refute("a refused payload writes nothing", framing, {payload}, out);
        expect_reason(encoded.error(), framing, payload);
        return;
    }
    if (in_pieces != out && !framing.writes_chunks())
        refute("in pieces the same is written", framing, pieces, in_pieces);
    const auto frame = out.substr(std::string_view("before").size());
    if (framing.is_raw()) {
        if (frame != payload) refute("raw adds nothing", framing, {frame});
        return;
    }
    const std::string whole(payload);
    std::vector<outcome> expected{{.what = event::kind::frame, .offset = 0, .payload = whole}};
    auto stream = frame;
    // No second one follows a frame that ends with its stream.
    if (framing.describe().own != grammar::stream) {
        expected.push_back({.what = event::kind::frame, .offset = frame.size(), .payload = whole});
        stream += frame;
    }
    expected.push_back({.what = event::kind::finished, .offset = stream.size()});
    const auto received = receive(framing, {stream});
    if (received != expected) {
        refute("encoded frames are decoded to what they were", framing, {stream},
               print(expected) + print(received));
    }
}

}  // namespace framewire::fuzz
