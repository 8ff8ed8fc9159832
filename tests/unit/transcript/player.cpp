#include "framewire/transcript/player.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/transcript/printer.hpp"
#include "framewire/transcript/session_target.hpp"

#include <gtest/gtest.h>
#include <array>
#include <chrono>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

void PrintTo(const action& todo, std::ostream* out) {
    constexpr std::array<std::string_view, 7> names{
        "send", "wait", "end", "reset", "expect_event", "expect_output", "done"};
    *out << names.at(static_cast<std::size_t>(todo.what)) << ' ' << quote(todo.data) << ' '
         << todo.elapsed.count() << " ms, line " << todo.line;
}

}  // namespace framewire

namespace framewire::player_tests {
namespace {

using namespace std::chrono_literals;
using what = action::kind;

transcript conversation(const std::string& text) {
    auto parsed = transcript::parse(text);
    EXPECT_TRUE(parsed) << parsed.error().message();
    return *parsed;
}

action send(bytes data) { return {.what = what::send, .data = data}; }

std::string difference(const player& played) {
    const auto outcome = played.outcome();
    return outcome ? "" : outcome.error().message();
}

// All that comes from the peer; what is expected does not count.
std::vector<action> actions(player& played) {
    std::vector<action> all;
    for (auto todo = played.next(); todo.what != what::done; todo = played.next()) {
        all.push_back(todo);
    }
    return all;
}

const std::string two_frames =
    "framing digits:2\n"
    "< \"05Hel\"\n"
    "< \"lo0\"\n"
    "= frame \"Hello\" at 0\n"
    "@ 2s\n"
    "< \"1x\"\n"
    "= frame \"x\" at 7\n"
    "> \"05Hello01x\"\n"
    "< eof\n"
    "= finished\n";

TEST(player, returns_what_the_peer_does) {
    const auto written = conversation(two_frames);
    const action pause{.what = what::wait, .elapsed = 2s};
    const action end{.what = what::end};
    const auto played = [&](cutting how) {
        player one(written, {.how = how, .compares_events = false});
        std::string text;
        for (const auto& todo : actions(one)) text += testing::PrintToString(todo) + '\n';
        return text;
    };
    const auto text_of = [](const std::vector<action>& all) {
        std::string text;
        for (const auto& todo : all) text += testing::PrintToString(todo) + '\n';
        return text;
    };
    EXPECT_EQ(played(as_written{}), text_of({send("05Hel"), send("lo0"), pause, send("1x"), end}));
    EXPECT_EQ(played(in_one_piece{}), text_of({send("05Hello0"), pause, send("1x"), end}));
    EXPECT_EQ(played(cut_at{2}), text_of({send("05"), send("Hello0"), pause, send("1x"), end}));
    EXPECT_EQ(played(cut_at{8}), text_of({send("05Hello0"), pause, send("1x"), end}));
    EXPECT_EQ(played(cut_at{9}), text_of({send("05Hello0"), pause, send("1"), send("x"), end}));
    EXPECT_EQ(played(byte_by_byte{}),
              text_of({send("0"), send("5"), send("H"), send("e"), send("l"), send("l"), send("o"),
                       send("0"), pause, send("1"), send("x"), end}));
}

TEST(player, sends_nothing_where_there_is_nothing) {
    const auto written = conversation("framing digits:2\n@ 2s\n@ 1s\n");
    for (const cutting& how : {cutting(as_written{}), cutting(in_one_piece{}),
                               cutting(byte_by_byte{}), cutting(cut_at{1})}) {
        player one(written, {.how = how});
        EXPECT_EQ(one.next(), (action{.what = what::wait, .elapsed = 2s}));
        EXPECT_EQ(one.next(), (action{.what = what::wait, .elapsed = 1s}));
        EXPECT_EQ(one.next(), action{});
        EXPECT_TRUE(one.outcome());
    }
}

TEST(player, asks_for_what_has_not_happened_yet) {
    const auto written = conversation(two_frames);
    player one(written, {.compares_output = true});
    EXPECT_EQ(one.next(), send("05Hel"));
    EXPECT_EQ(one.next(), send("lo0"));
    EXPECT_EQ(one.next(),
              (action{.what = what::expect_event, .data = "frame \"Hello\" at 0", .line = 4}));
    one.on_event("frame \"Hello\" at 0");
    EXPECT_EQ(one.next().what, what::wait);
    EXPECT_EQ(one.next(), send("1x"));
    one.on_event("frame \"x\" at 7");
    EXPECT_EQ(one.next(), (action{.what = what::expect_output, .data = "05Hello01x", .line = 8}));
    one.on_output("05He");
    EXPECT_EQ(one.next(), (action{.what = what::expect_output, .data = "llo01x", .line = 8}));
    one.on_output("llo0");
    one.on_output("1x");
    EXPECT_EQ(one.next(), action{.what = what::end});
    one.on_event("finished");
    EXPECT_EQ(one.next(), action{});
    EXPECT_TRUE(one.outcome());
}

TEST(player, an_expectation_that_is_not_met_is_a_difference) {
    const auto written = conversation("framing digits:2\n< \"00\"\n> \"00\"\n");
    player one(written, {.compares_output = true});
    EXPECT_EQ(one.next(), send("00"));
    EXPECT_EQ(one.next().what, what::expect_output);
    EXPECT_EQ(difference(one), "");
    EXPECT_EQ(one.next(), action{});
    EXPECT_EQ(difference(one), "line 3: expected '\"00\"', but the session sent 'nothing'");
}

TEST(player, is_done_at_the_first_difference) {
    const auto written = conversation(two_frames);
    player one(written);
    EXPECT_EQ(one.next(), send("05Hel"));
    one.on_event("finished");
    const auto* const first =
        "line 4: expected 'frame \"Hello\" at 0', but the session reported 'finished'";
    EXPECT_EQ(difference(one), first);
    one.on_event("nonsense");
    EXPECT_EQ(one.next(), action{});
    EXPECT_EQ(difference(one), first);
}

TEST(player, compares_output_byte_by_byte) {
    const auto written = conversation("framing digits:2\n> \"02hi\"\n> \"03abc\"\n");
    const auto outcome_of = [&](const std::vector<bytes>& sent) {
        player one(written, {.compares_output = true});
        for (const auto data : sent) one.on_output(data);
        while (one.next().what != what::done) {
        }
        return difference(one);
    };
    EXPECT_EQ(outcome_of({"02hi03abc"}), "");
    EXPECT_EQ(outcome_of({"02", "hi0", "3abc"}), "");
    EXPECT_EQ(outcome_of({"02hi03ab"}),
              "line 3: expected '\"c\"', but the session sent 'nothing'");
    EXPECT_EQ(outcome_of({"02hi", "04"}),
              "line 3: expected '\"03abc\"', but the session sent '\"04\"'");
    EXPECT_EQ(outcome_of({"02hi03abcd"}),
              "line 3: expected 'nothing more', but the session sent '\"d\"'");
}

TEST(player, holds_a_conversation_to_what_its_target_can_show) {
    const auto written = conversation(two_frames);
    player one(written, {.compares_events = false});
    one.on_event("nonsense");
    one.on_output("nonsense");
    EXPECT_EQ(actions(one).size(), 5U);
    EXPECT_TRUE(one.outcome());
}

class refusing final : public play_target {
public:
    result<void> perform(const action& /*todo*/, player& /*watching*/) override {
        ++count;
        return tl::unexpected(failure{"no"});
    }
    int count = 0;
};

TEST(play, ends_where_the_target_fails) {
    const auto written = conversation(two_frames);
    player one(written);
    refusing peer;
    const auto outcome = play(one, peer);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().message(), "no");
    EXPECT_EQ(peer.count, 1);
}

TEST(session_target, has_the_clock_of_the_conversation) {
    session_target peer(*framing::parse("digits:2"));
    peer.apply(send("0"));
    EXPECT_FALSE(peer.next());
    peer.apply({.what = what::wait, .elapsed = 5s});
    const auto happened = peer.next();
    ASSERT_TRUE(happened);
    EXPECT_EQ(print_event(peer.receiver(), *happened).substr(0, 28),
              "failed io.timeout_header at ");
    EXPECT_FALSE(peer.next());
}

}  // namespace
}  // namespace framewire::player_tests
