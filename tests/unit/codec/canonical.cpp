#include "every_framing.hpp"
#include "random_bytes.hpp"
#include "stream_reader.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace framewire::canonical_tests {
namespace {

using tests::framing_of;
using tests::random_bytes;

// What people write differently who mean the same: case, padding, ends of lines, bytes that mean
// nothing.
std::string changed(std::string stream, random_bytes& random) {
    const auto at = random.below(stream.size());
    switch (random.below(6)) {
        case 0: stream[at] = static_cast<char>(stream[at] ^ 0x20); break;
        case 1: stream[at] = random.one_of(" 0\t+\r\n"); break;
        case 2: stream.insert(at, 1, random.one_of(" 0\r\n")); break;
        case 3: stream.erase(at, 1); break;
        default: stream[at] = random.byte(); break;
    }
    return stream;
}

// How many whole frames of the stream are not what their payload is encoded as.
std::size_t other_forms(const framing& framing, bytes stream) {
    auto decoder = framing.decoder();
    std::size_t count = 0;
    std::string payload;
    for (auto input = stream; !input.empty();) {
        const auto found = decoder.next(input);
        if (found.what == step::failed) break;
        if (found.what != step::piece) continue;
        if (found.piece.first) payload.clear();
        payload += found.piece.payload;
        if (!found.piece.last) continue;
        const auto begin = decoder.frame_offset();
        std::string encoded;
        const auto done = found.piece.idle ? framing.encode_idle(found.piece.field, encoded)
                                           : framing.encode(payload, encoded);
        const auto frame = stream.substr(begin, decoder.offset() - begin);
        if (!done || frame != encoded) ++count;
    }
    return count;
}

class canonical : public testing::TestWithParam<std::string_view> {};

TEST_P(canonical, framings_say_so_where_every_payload_has_one_form) {
    const auto framing = framing_of(GetParam());
    random_bytes random(81);
    std::size_t others = 0;
    for (int round = 0; round < 2000 && others == 0; ++round) {
        std::string stream;
        for (std::size_t n = 1 + random.below(3); n > 0; --n) {
            if (framing.encode(random.any(16), stream)) continue;
            (void)framing.encode(random.letters(9), stream);
        }
        for (std::size_t n = random.below(3); n > 0 && !stream.empty(); --n)
            stream = changed(stream, random);
        others += other_forms(framing, stream);
        others += other_forms(framing, random.hostile(1 + random.below(30)));
    }
    if (framing.writes_chunks()) {
        std::string stream;
        auto frame = framing.begin(unknown_length, stream);
        for (const auto* const chunk : {"a", "b"}) {
            EXPECT_TRUE(framing.append(*frame, chunk, stream));
        }
        EXPECT_TRUE(framing.end(*frame, stream));
        others += other_forms(framing, stream);
    }
    // The other form of `cobs` has a block of 254 bytes.
    if (GetParam() == "cobs") return;
    EXPECT_EQ(framing.is_canonical(), others == 0) << others;
}

INSTANTIATE_TEST_SUITE_P(framings, canonical, testing::ValuesIn(tests::every_framing));
INSTANTIATE_TEST_SUITE_P(short_headers, canonical,
                         testing::Values("raw", "digits:1", "digits:2,pad=space", "u8,magic=abc",
                                         "u8,adjust=+3", "u8,trailer=1", "u8,offset=1",
                                         "varint,max=300", "line,max=40", "lsp,max=40",
                                         "netstring,max=40,oversize=skip"));

}  // namespace
}  // namespace framewire::canonical_tests
