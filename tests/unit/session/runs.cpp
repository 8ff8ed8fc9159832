// What is passed on in runs has the same effects as payload by payload: the same events, and the
// same bytes to the peer at the same moment.

#include "driven_session.hpp"
#include "random_bytes.hpp"
#include "run_trial.hpp"
#include "specs.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::runs_tests {
namespace {

using namespace std::chrono_literals;
using tests::conduct;
using tests::driven_session;
using tests::random_bytes;

std::string payload_of(std::size_t size, random_bytes& random) {
    auto payload = random.letters(size);
    if (size > 0 && random.below(8) == 0) payload.back() = '\r';
    return payload;
}

// Often many of one size, as then a header is not read again. Long frames are fewer.
std::string stream_of(const framing& frames, random_bytes& random) {
    constexpr std::size_t enough = 6000;
    std::string stream;
    const auto layout = frames.describe();
    const auto fixed = layout.length ? layout.length->payload_size : 0;
    const bool uniform = random.below(3) == 0;
    const auto size_end = 1 + random.below(20);
    const auto same = random.below(size_end);
    for (auto left = random.below(200); left > 0 && stream.size() < enough; --left) {
        const auto size = fixed > 0 ? static_cast<std::size_t>(fixed)
                          : uniform ? same
                                    : random.below(size_end);
        const auto before = stream.size();
        if (!frames.encode(payload_of(size, random), stream)) continue;
        if (stream.size() == before) continue;  // an empty one of `raw`
        if (frames.spec() == "line" && random.below(5) == 0)
            stream.insert(stream.size() - 1, "\r");
        if (random.below(300) == 0) stream[before + random.below(stream.size() - before)] ^= 1;
        if (random.below(300) == 0) stream.erase(before + random.below(stream.size() - before), 1);
    }
    return stream;
}

std::vector<bytes> cut(bytes stream, random_bytes& random) {
    std::vector<bytes> reads;
    const auto most = 1 + random.below(random.below(2) == 0 ? 40 : 3000);
    while (!stream.empty()) {
        reads.push_back(stream.substr(0, 1 + random.below(most)));
        stream.remove_prefix(reads.back().size());
    }
    return reads;
}

conduct some_conduct(random_bytes& random) {
    conduct as{.seed = static_cast<std::uint32_t>(random.below(1U << 30))};
    if (random.below(2) == 0) as.bounds.queued_bytes_max = 1 + random.below(300);
    if (random.below(3) == 0) as.bounds.tiny_frames_per_second_max = 1 + random.below(40);
    if (random.below(3) == 0) as.bounds.assembled_bytes_max = random.below(24);
    if (random.below(3) == 0) as.mode = delivery::pieces;
    if (random.below(3) == 0) as.closes_at_size = random.below(20);
    as.how = static_cast<conduct::style>(random.below(3));
    return as;
}

class runs_of : public testing::TestWithParam<std::string_view> {};

TEST_P(runs_of, are_what_is_passed_on_one_by_one) {
    random_bytes random(11);
    const auto frames = *framing::parse(GetParam());
    auto has_runs = []<class Decoder>(const Decoder&) { return run_decoder<Decoder>; };
    const int rounds = frames.decoder().visit(has_runs) ? 25 : 5;
    for (int round = 0; round < rounds; ++round) {
        const auto stream = stream_of(frames, random);
        const auto as = some_conduct(random);
        const auto reads = cut(stream, random);
        ASSERT_EQ(difference_in_runs(frames, as, reads), "") << round << '\n' << stream;
    }
}

INSTANTIATE_TEST_SUITE_P(every_spec, runs_of,
                         testing::ValuesIn(tests::specs_for<tests::count_specs("fuzz")>("fuzz")));

// The sizes of the runs that are passed on, after the payload that comes first.
std::vector<std::size_t> run_sizes(session& peer, bytes input) {
    std::vector<std::size_t> sizes;
    peer.receive(input);
    (void)peer.next(
        [&](const payload_run& run) {
            sizes.push_back(run.size());
            EXPECT_TRUE(peer.send_run(run));
            return run_outcome{.taken = run.size()};
        },
        [&](const piece& payload, std::uint64_t) {
            return peer.send(payload.payload).has_value();
        });
    return sizes;
}

std::string frames(std::size_t count) {
    std::string stream;
    while (count-- > 0) stream += "0000000002hi";
    return stream;
}

using sizes = std::vector<std::size_t>;

TEST(runs, have_all_frames_of_a_read_but_the_first_and_a_bounded_number) {
    driven_session peer("digits:10");
    EXPECT_EQ(run_sizes(*peer, frames(1)), sizes{});
    peer->hold();
    EXPECT_EQ(run_sizes(*peer, frames(10)), sizes{9});
    peer->hold();
    EXPECT_EQ(run_sizes(*peer, frames(130)), (sizes{64, 64, 1}));
}

TEST(runs, have_no_more_frames_than_the_budget) {
    driven_session peer("digits:10", {.tiny_frames_per_second_max = 20});
    EXPECT_EQ(run_sizes(*peer, frames(50)), (sizes{20, 20, 9}));
    peer->hold();
    driven_session tiny("digits:10", {.tiny_frames_per_second_max = 20});
    std::string stream;
    for (int i = 0; i < 50; ++i) stream += "0000000001x";
    EXPECT_EQ(run_sizes(*tiny, stream), sizes{19});
    EXPECT_FALSE(tiny->can_continue());
}

TEST(runs, have_no_more_bytes_than_the_queue_has_room_for) {
    driven_session peer("digits:10", {.queued_bytes_max = 30});
    EXPECT_EQ(run_sizes(*peer, frames(50)), sizes{2});
    EXPECT_EQ(peer->output(), frames(3));
    EXPECT_FALSE(peer->can_continue());
}

// A line may end with LF alone, and is sent with CR LF: what is queued is more than what came.
TEST(runs, are_answered_as_far_as_the_queue_has_room_for_the_larger_frames) {
    driven_session peer("line,eol=crlf", {.queued_bytes_max = 11});
    std::vector<std::size_t> taken;
    peer->receive("abc\nabcd\nabc\n");
    (void)peer->next(
        [&](const payload_run& run) {
            taken.push_back(run.size());
            taken.push_back(peer->send_run(run).value_or(0));
            return run_outcome{.taken = taken.back()};
        },
        [&](const piece& payload, std::uint64_t) {
            return peer->send(payload.payload).has_value();
        });
    EXPECT_EQ(taken, (std::vector<std::size_t>{2, 1}));
    EXPECT_EQ(peer->output(), "abc\r\nabcd\r\n");
    EXPECT_FALSE(peer->can_continue());
}

// What follows the latest frame says what is wrong: here, a length that counts its own digit.
TEST(runs, end_with_the_words_that_follow_a_single_frame) {
    const auto words = [](bool in_runs) {
        driven_session peer("digits:1");
        const std::string stream =
            "99999999999999999999999999990909999999999\xF7"
            "9996999";
        peer->receive(stream);
        const auto take = [&](const piece& one, std::uint64_t) {
            return peer->send(one.payload).has_value();
        };
        const auto take_run = [&](const payload_run& run) {
            return run_outcome{.taken = peer->send_run(run).value_or(0)};
        };
        const auto found = in_runs ? peer->next(take_run, take) : peer->next(take);
        EXPECT_EQ(found->what, event::kind::failed);
        return peer.words();
    };
    EXPECT_EQ(words(true), words(false));
    EXPECT_NE(words(true).find("(adjust=-1)"), std::string::npos) << words(true);
}

TEST(runs, are_not_passed_on_while_a_reply_is_deferred) {
    driven_session peer("digits:10");
    (void)peer->defer(true, 0);
    EXPECT_EQ(run_sizes(*peer, frames(10)), sizes{});
}

TEST(runs, are_lent_where_they_were_received) {
    driven_session peer("digits:10");
    const auto stream = frames(100);
    (void)run_sizes(*peer, stream);
    EXPECT_EQ(peer->output(), stream);
    driven_session line("line");
    const std::string lines = "a\nb\nc\n";
    line->receive(lines);
    (void)line->next(
        [&](const payload_run& run) {
            EXPECT_TRUE(line->send_run(run));
            return run_outcome{.taken = run.size()};
        },
        [&](const piece& payload, std::uint64_t) { return line->lend(payload.payload); });
    EXPECT_EQ(line->output().data(), lines.data());
    EXPECT_EQ(line->output(), lines);
}

}  // namespace
}  // namespace framewire::runs_tests
