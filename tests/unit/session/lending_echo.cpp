// However a stream is cut, whatever the peer takes at once: what is answered by lending is what
// would have been encoded.

#include "answering.hpp"
#include "every_framing.hpp"
#include "random_bytes.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::lending_echo_tests {
namespace {

using tests::answer_all;
using tests::random_bytes;

// Does with a session what a connection does: one receive buffer for everything, which it shares.
class echo {
public:
    echo(std::string_view spec, const limits& bounds, std::uint32_t seed)
        : random_(seed), session_(*framing::parse(spec), bounds, delivery::whole, {}) {}

    void receive(bytes part) {
        while (!session_.wants_input()) go_on();
        part.copy(buffer_.data(), part.size());
        session_.receive(bytes(buffer_).substr(0, part.size()));
        go_on();
    }
    void end() {
        session_.receive_eof();
        while (!session_.over() || !session_.output().empty()) go_on();
    }
    [[nodiscard]] const std::string& written() const { return written_; }
    [[nodiscard]] std::size_t lent() const { return lent_; }
    [[nodiscard]] const wire_error* failure() const { return session_.failure(); }

private:
    void go_on() {
        answer_all(session_, [&](bytes payload) {
            if (session_.lend(payload)) {
                ++lent_;
            } else {
                ASSERT_TRUE(session_.send(payload));
            }
        });
        const auto size = random_.below(session_.output().size() + 1);
        written_ += session_.output().substr(0, size);
        session_.sent(size);
        session_.hold();
        std::ranges::fill(buffer_, '!');
    }

    random_bytes random_;
    session session_;
    std::string buffer_ = std::string(4096, '!');
    std::string written_;
    std::size_t lent_ = 0;
};

struct stream_and_replies {
    std::string stream;
    std::string replies;
};

std::size_t lead_of(const framing& frames) {
    const auto layout = frames.describe();
    return layout.length ? layout.length->lead : 0;
}

stream_and_replies frames_of(std::string_view spec, random_bytes& random) {
    const auto framing = *framing::parse(spec);
    const std::size_t lead = lead_of(framing);
    std::string stream;
    for (std::size_t n = 2 + random.below(6); n > 0; --n) {
        const bool fixed = framing.spec().starts_with("fixed");
        const auto size = fixed ? 16 : std::max(lead, 2 + random.below(20));
        if (framing.encode(random.any(size), stream)) continue;
        EXPECT_TRUE(framing.encode(random.letters(size), stream)) << spec;
    }
    return {stream, stream};
}

class lending_echo : public testing::TestWithParam<std::string_view> {};

TEST_P(lending_echo, is_the_stream_under_every_cut) {
    random_bytes random(71);
    const auto [stream, replies] = frames_of(GetParam(), random);
    ASSERT_FALSE(stream.empty());
    // A line that ended with LF is as we would send it. A payload whose first bytes come before
    // the length is nowhere in one piece: it is copied, and encoded again.
    const auto framing = *framing::parse(GetParam());
    const bool lends =
        (framing.is_canonical() && lead_of(framing) == 0) || GetParam().starts_with("line");
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
        echo server(GetParam(), {}, static_cast<std::uint32_t>(cut));
        if (cut > 0) server.receive(bytes(stream).substr(0, cut));
        if (cut < stream.size()) server.receive(bytes(stream).substr(cut));
        server.end();
        ASSERT_EQ(server.failure(), nullptr) << cut;
        ASSERT_EQ(server.written(), replies) << cut;
        ASSERT_TRUE(cut > 0 || (server.lent() > 0) == lends);
    }
}

TEST_P(lending_echo, is_the_stream_under_random_cuts_and_queues) {
    random_bytes random(72);
    for (int round = 0; round < 100; ++round) {
        const auto [stream, replies] = frames_of(GetParam(), random);
        const limits bounds{.queued_bytes_max = 1 + random.below(60)};
        echo server(GetParam(), bounds, static_cast<std::uint32_t>(round));
        for (std::size_t at = 0; at < stream.size();) {
            const auto size = std::min(stream.size() - at, 1 + random.below(50));
            server.receive(bytes(stream).substr(at, size));
            at += size;
        }
        server.end();
        ASSERT_EQ(server.written(), replies) << round;
    }
}

INSTANTIATE_TEST_SUITE_P(framings, lending_echo, testing::ValuesIn(tests::every_framing));

}  // namespace
}  // namespace framewire::lending_echo_tests
