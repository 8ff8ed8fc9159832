#include "framewire/codec/direction_decoder.hpp"
#include "guess/guess_framings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace framewire::samples_tests {
namespace {

struct sample {
    std::string name;
    framing frames;
    bool is_reply = false;
    std::vector<std::string> segments{};
};

std::string from_hexadecimal(const std::string& text) {
    std::string data;
    for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
        data += static_cast<char>(std::stoi(text.substr(at, 2), nullptr, 16));
    }
    return data;
}

// The samples of all protocols: name, spec, mode, frames in hexadecimal.
std::vector<sample> all_samples() {
    std::vector<sample> all;
    std::ifstream file(FRAMEWIRE_TRANSCRIPTS "/../protocols/samples.tsv");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream row(line);
        std::string name;
        std::string spec;
        std::string mode;
        std::string frames;
        std::getline(row, name, '\t');
        std::getline(row, spec, '\t');
        std::getline(row, mode, '\t');
        std::getline(row, frames, '\t');
        all.push_back({name, framing::parse(spec).value(), mode == "reply"});
        std::istringstream words(frames);
        for (std::string one; words >> one;) all.back().segments.push_back(from_hexadecimal(one));
    }
    return all;
}

// Where frames begin and end, one after the other.
std::vector<std::uint64_t> borders(const framing& frames, bytes stream) {
    std::vector<std::uint64_t> places;
    direction_decoder decoder(frames);
    while (true) {
        const auto found = decoder.next(stream);
        if (found.what == step::need_more || found.what == step::failed) return places;
        if (!found.piece.last) continue;
        places.push_back(decoder.current().frame_offset());
        places.push_back(decoder.current().offset());
    }
}

// True if one of the first three guesses finds the frames of the sample.
bool is_found(const sample& one) {
    seen_conversation seen;
    std::string stream;
    for (const auto& segment : one.segments) {
        (one.is_reply ? seen.server : seen.client).segments.push_back({segment});
        stream += segment;
    }
    const auto role = [&](const framing& frames) {
        return one.is_reply ? frames.replies() : frames;
    };
    const auto fits = guess_framings(seen);
    const auto first = std::min<std::size_t>(fits.size(), 3);
    return std::any_of(fits.begin(), fits.begin() + static_cast<std::ptrdiff_t>(first),
                       [&](const framing_fit& fit) {
                           const auto frames = framing::parse(fit.spec).value();
                           return borders(role(frames), stream) ==
                                  borders(role(one.frames), stream);
                       });
}

// All of them take seconds. Those that are not found are of fixed size, or of few bytes.
TEST(guess_framings, finds_nine_of_ten_samples_of_protocols) {
    constexpr std::size_t every = 4;
    const auto all = all_samples();
    ASSERT_GT(all.size(), 300U);
    std::size_t tried = 0;
    std::size_t found = 0;
    std::string missed;
    for (std::size_t i = 0; i < all.size(); i += every) {
        ++tried;
        if (is_found(all[i])) {
            ++found;
        } else {
            missed += all[i].name + " ";
        }
    }
    EXPECT_GE(found * 10, tried * 9) << found << " of " << tried << ", not " << missed;
}

}  // namespace
}  // namespace framewire::samples_tests
