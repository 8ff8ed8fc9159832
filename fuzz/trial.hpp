#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/transcript/transcript.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::fuzz {

/// A stream, and how it is cut into reads. As an input of a framing's target: one byte that
/// chooses the spec, the sizes of four reads, which take turns, less one, and the stream.
struct trial {
    static constexpr std::size_t head_bytes = 5;

    std::uint8_t spec = 0;
    std::array<std::uint8_t, 4> sizes{};
    bytes stream{};

    /// Requires: `input` has at least `head_bytes`.
    static trial parse(bytes input) {
        trial parsed{.spec = static_cast<std::uint8_t>(input[0])};
        for (std::size_t i = 0; i < parsed.sizes.size(); ++i) {
            parsed.sizes[i] = static_cast<std::uint8_t>(input[i + 1]);
        }
        parsed.stream = input.substr(head_bytes);
        return parsed;
    }

    [[nodiscard]] std::string print() const {
        std::string input(1, static_cast<char>(spec));
        for (const auto size : sizes) input += static_cast<char>(size);
        return input.append(stream);
    }

    [[nodiscard]] std::vector<bytes> reads() const {
        std::vector<bytes> cut;
        for (bytes rest = stream; !rest.empty();) {
            cut.push_back(rest.substr(0, sizes[cut.size() % sizes.size()] + std::size_t{1}));
            rest.remove_prefix(cut.back().size());
        }
        return cut;
    }
};

inline std::vector<bytes> byte_by_byte(bytes stream) {
    std::vector<bytes> cut;
    for (; !stream.empty(); stream.remove_prefix(1)) cut.push_back(stream.substr(0, 1));
    return cut;
}

/// Ends the program with what does not hold, and the reads that show it as a transcript.
[[noreturn]] inline void refute(std::string_view claim, const framing& framing,
                                const std::vector<bytes>& reads, std::string_view details = {}) {
    std::string words = "\nthis does not hold: ";
    words.append(claim).append("\n\nframing ").append(framing.spec()).append("\n");
    for (const auto read : reads) words.append("< ").append(print_bytes(read)).append("\n");
    words.append("\n").append(details).append("\n");
    std::fputs(words.c_str(), stderr);
    std::abort();
}

}  // namespace framewire::fuzz
