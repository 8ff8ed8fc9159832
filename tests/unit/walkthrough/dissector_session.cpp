// The dissector beside the session: the same frames, the same error, whatever the bytes.

#include "dissection.hpp"
#include "every_framing.hpp"
#include "random_bytes.hpp"

#include "framewire/session/session.hpp"

#include <gtest/gtest.h>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::dissector_session_tests {
namespace {

using stage = frame_anatomy::stage;
using tests::dissection;
using tests::framing_of;
using tests::reading;

constexpr std::uint64_t payload_bytes_max = 24;

reading read_with_session(const framing& frames, const tests::chunks& cut) {
    session peer(frames,
                 {.assembled_bytes_max = payload_bytes_max, .tiny_frames_per_second_max = 0},
                 delivery::whole, {});
    reading all;
    const auto drain = [&] {
        while (const auto said = peer.next()) {
            if (said->what == event::kind::frame) {
                all.frames.push_back({std::string(said->piece.payload), said->offset});
            } else if (said->what == event::kind::skipped) {
                all.frames.push_back({std::to_string(said->piece.announced), said->offset, true});
            } else if (said->what == event::kind::failed) {
                all.error = peer.failure()->code;
                all.error_offset = peer.failure()->offset;
            }
        }
        peer.hold();
    };
    for (const auto chunk : cut) {
        peer.receive(chunk);
        drain();
    }
    peer.receive_eof();
    drain();
    return all;
}

reading reading_of(const framing& frames, const dissection& found, bytes stream) {
    reading all;
    for (const auto& frame : found.frames) {
        const auto here = stream.substr(static_cast<std::size_t>(frame.payload_offset()),
                                        static_cast<std::size_t>(frame.payload_bytes));
        const auto payload = tests::is_as_it_came(frames) ? here : bytes(frame.payload);
        const auto size = frame.announced == unknown_length ? frame.counted : frame.announced;
        if (frame.reached == stage::complete) {
            all.frames.push_back({std::string(payload), frame.begins});
        } else if (frame.reached == stage::skipped) {
            all.frames.push_back({std::to_string(size), frame.begins, true});
        }
    }
    all.error = found.error;
    all.error_offset = found.error_offset;
    if (found.open() && !found.frames.back().is_between) {
        all.error = errc::frame_truncated;
        all.error_offset = stream.size();
    }
    return all;
}

void expect_same(const framing& frames, const tests::chunks& cut, bytes stream,
                 const dissection& whole) {
    const auto found = tests::dissect(frames, cut, payload_bytes_max);
    EXPECT_EQ(found, whole) << frames.spec();
    const auto expected = read_with_session(frames, cut);
    EXPECT_EQ(reading_of(frames, found, stream), expected)
        << frames.spec() << ' ' << testing::PrintToString(std::string(stream)) << ' '
        << testing::PrintToString(found);
}

constexpr std::array<std::string_view, 41> bounded{
    "digits:2,max=5",
    "digits:2,max=5,oversize=skip",
    "digits:2,max=5,count=chars",
    "digits:2,max=5,count=chars,oversize=skip",
    "digits:3,pad=space,max=5,oversize=skip",
    "fixed:8,max=4",
    "fixed:8,max=4,oversize=skip",
    "u8,max=5,oversize=skip",
    "u8,magic=a,offset=2,trailer=3,adjust=-2,max=5,oversize=skip",
    "u16le,adjust=+300,max=301",
    "u64be,oversize=skip",
    "varint,max=5",
    "varint,oversize=skip",
    "netstring,max=5",
    "netstring,max=5,oversize=skip",
    "octet-count,max=5,oversize=skip",
    "content-length,max=5,oversize=skip",
    "line,max=4",
    "line,max=4,oversize=skip",
    "line,max=0,oversize=skip",
    "delimiter:aab,max=3,oversize=skip",
    "delimiter:aaaa,max=3",
    "delimiter:abab,max=3,oversize=skip",
    "mllp,max=3,oversize=skip",
    "u8,lead=2,max=5",
    "u8,lead=2,max=5,oversize=skip",
    "u8,lead=4,trailer=1,max=3,oversize=skip",
    "content-length,fields=keep,missing=end,end=\\0",
    "content-length,fields=keep,skip=\\r\\n,max=30,oversize=skip",
    "mllp,skip=\\n\\0,max=5,oversize=skip",
    "eof,max=9,oversize=skip",
    "slip,max=4",
    "slip,max=4,oversize=skip",
    "resp",
    "resp,max=5",
    "ber",
    "ber,max=5,oversize=skip",
    "json",
    "json,max=5",
    "msgpack",
    "msgpack,max=5,oversize=skip"};

class beside_session : public testing::TestWithParam<std::string_view> {
protected:
    // Good frames, then perhaps some bytes that are dropped, added or changed.
    std::string stream() {
        std::string made;
        const auto kind = random_.below(4);
        if (kind == 0) return random_.hostile(random_.below(24));
        while (made.size() < 40 && random_.below(6) != 0) {
            static_cast<void>(frames_.encode(payload(), made));
        }
        for (std::size_t times = kind == 1 ? 0 : random_.below(4); times > 0; --times) {
            const auto at = random_.below(made.size() + 1);
            const auto spoil = random_.below(3);
            if (spoil == 0) made.insert(at, 1, telling());
            if (spoil == 1) made.erase(at, 1);
            if (spoil == 2 && at < made.size()) made[at] = telling();
        }
        return made;
    }

    tests::chunks cut(bytes stream) {
        tests::chunks made;
        for (; !stream.empty(); stream.remove_prefix(made.back().size())) {
            made.push_back(stream.substr(0, 1 + random_.below(9)));
        }
        return made;
    }

    framing frames_ = framing_of(GetParam());
    tests::random_bytes random_{1};

private:
    std::string payload() {
        constexpr std::array<std::string_view, 7> some{"",
                                                       "x",
                                                       "hello",
                                                       "aaba",
                                                       "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8E\x89",
                                                       "Greetings,server",
                                                       "\r\x1C\x1C"};
        const auto chosen = random_.below(some.size() + 1);
        return chosen < some.size() ? std::string(some.at(chosen))
                                    : random_.any(random_.below(payload_bytes_max + 3));
    }
    char telling() {
        using namespace std::string_view_literals;
        return random_.below(3) == 0 ? random_.byte()
                                     : random_.one_of("0159 :,\r\nabCL\x0B\x1C\x00\x01\x80\xC3"sv);
    }
};

TEST_P(beside_session, says_the_same_of_any_bytes) {
    constexpr int rounds = 400;
    for (int round = 0; round < rounds && !HasFailure(); ++round) {
        const auto bytes_given = stream();
        const auto whole = tests::dissect(frames_, {bytes_given}, payload_bytes_max);
        expect_same(frames_, {bytes_given}, bytes_given, whole);
        expect_same(frames_, tests::in_pieces_of(bytes_given, 1), bytes_given, whole);
        expect_same(frames_, cut(bytes_given), bytes_given, whole);
    }
}

INSTANTIATE_TEST_SUITE_P(every, beside_session, testing::ValuesIn(tests::every_framing));
INSTANTIATE_TEST_SUITE_P(bounded, beside_session, testing::ValuesIn(bounded));

}  // namespace
}  // namespace framewire::dissector_session_tests
