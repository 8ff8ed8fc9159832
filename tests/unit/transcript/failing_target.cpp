// Whole conversations, again and again, with every step failing in turn.

#include "failing_target.hpp"

#include "printing.hpp"

#include "framewire/transcript/printer.hpp"
#include "framewire/transcript/session_target.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace framewire::failing_target_tests {
namespace {

using tests::failing_target;
using tests::fault;

struct recorded_event {
    event::kind what;
    std::uint64_t offset;
    std::string text;

    bool operator==(const recorded_event&) const = default;
    [[nodiscard]] bool is_last() const {
        return what == event::kind::finished || what == event::kind::failed;
    }
};

// A session in memory, and everything that it reports.
class recorder final : public play_target {
public:
    // With a deadline between frames, too, so that every time-out ends the session.
    explicit recorder(const framing& frames)
        : target_(frames, {.idle_deadline = std::chrono::hours(1)}) {}

    result<void> perform(const action& todo, player& /*watching*/) override {
        const auto& receiver = target_.receiver();
        if (todo.what == action::kind::send && receiver.wants_input()) sent_ += todo.data.size();
        const auto before = receiver.failure() ? std::optional(*receiver.failure()) : std::nullopt;
        target_.apply(todo);
        while (const auto happened = target_.next()) {
            EXPECT_FALSE(is_over()) << "after its end a session says nothing";
            EXPECT_LE(happened->offset, sent_);
            EXPECT_GE(happened->offset, events_.empty() ? 0 : events_.back().offset);
            events_.push_back(
                {happened->what, happened->offset, print_event(*happened, receiver.failure())});
        }
        if (before) expect_repeated(*before);
        if (is_over()) {
            EXPECT_TRUE(receiver.over());
            EXPECT_FALSE(receiver.wants_input());
            EXPECT_EQ(receiver.deadline(), time_point::max());
        }
        return {};
    }

    [[nodiscard]] bool is_over() const { return !events_.empty() && events_.back().is_last(); }
    [[nodiscard]] const std::vector<recorded_event>& events() const { return events_; }
    [[nodiscard]] std::uint64_t sent() const { return sent_; }
    [[nodiscard]] const session& receiver() const { return target_.receiver(); }

private:
    void expect_repeated(const wire_error& error) const {
        const auto* const again = target_.receiver().failure();
        ASSERT_NE(again, nullptr);
        EXPECT_EQ(again->code, error.code);
        EXPECT_EQ(again->offset, error.offset);
        EXPECT_EQ(again->words, error.words);
    }

    session_target target_;
    std::vector<recorded_event> events_;
    std::uint64_t sent_ = 0;  // while the session took any
};

// After a gap, another session begins, whatever has become of the one before.
bool has_gaps(const transcript& conversation) {
    return std::ranges::count(conversation.lines, transcript_line::kind::gap,
                              &transcript_line::what) > 0;
}

std::vector<transcript> conversations() {
    std::vector<transcript> all;
    for (const auto& file : std::filesystem::directory_iterator(FRAMEWIRE_TRANSCRIPTS)) {
        if (file.path().extension() != ".transcript") continue;
        std::ifstream text(file.path(), std::ios::binary);
        auto written = transcript::parse(std::string(std::istreambuf_iterator<char>(text), {}));
        if (written && !has_gaps(*written)) all.push_back(*std::move(written));
    }
    return all;
}

std::size_t stream_bytes(const transcript& conversation) {
    std::size_t size = 0;
    for (const auto& line : conversation.lines) {
        if (line.what == transcript_line::kind::from_peer) size += line.text.size();
    }
    return size;
}

void run(const transcript& conversation, cutting how, play_target& peer) {
    player steps(conversation, {.how = how, .compares_events = false});
    ASSERT_TRUE(play(steps, peer));
}

// What is last when the fault comes while the session is not over.
void expect_end_by(fault what, const recorder& peer) {
    const auto& last = peer.events().back();
    const auto* const error = peer.receiver().failure();
    EXPECT_EQ(last.offset, peer.sent()) << last.text;
    if (what == fault::eof) {
        const bool is_inside = last.what == event::kind::failed;
        EXPECT_TRUE(!is_inside || error->code == errc::frame_truncated) << last.text;
        return;
    }
    ASSERT_EQ(last.what, event::kind::failed) << last.text;
    EXPECT_EQ(last.offset, error->offset);
    if (what == fault::reset) {
        EXPECT_EQ(error->code, errc::io_reset);
    } else {
        EXPECT_TRUE(error_name(error->code).starts_with("io.timeout_")) << last.text;
    }
}

// True as long as the conversation has this step.
bool fails_well(const transcript& conversation, cutting how, std::size_t step, fault what,
                const std::vector<recorded_event>& whole) {
    recorder peer(conversation.framing);
    failing_target failing(peer, step, what);
    run(conversation, how, failing);
    if (!failing.has_failed()) return false;
    EXPECT_TRUE(peer.is_over());
    if (!peer.is_over()) return true;
    const auto& events = peer.events();
    // What was said before is what is said without the fault, and the fault adds one event.
    const auto [ours, theirs] = std::ranges::mismatch(events, whole);
    EXPECT_TRUE(ours == events.end() || ours + 1 == events.end());
    if (ours != events.end()) expect_end_by(what, peer);
    return true;
}

void fail_every_step(const transcript& conversation, cutting how) {
    recorder peer(conversation.framing);
    run(conversation, how, peer);
    for (const auto what : {fault::reset, fault::eof, fault::timeout}) {
        std::size_t step = 0;
        while (fails_well(conversation, how, step, what, peer.events())) ++step;
        EXPECT_GT(step, 0U);
    }
}

TEST(failing_target, every_step_of_every_conversation_may_fail) {
    const auto all = conversations();
    ASSERT_GE(all.size(), 30U);
    for (const auto& one : all) {
        SCOPED_TRACE(one.lines.empty() ? one.framing.spec() : one.lines.front().text);
        fail_every_step(one, as_written{});
        // With a step for each byte of a long one it would take long and show nothing new.
        if (stream_bytes(one) <= 200) fail_every_step(one, byte_by_byte{});
    }
}

}  // namespace
}  // namespace framewire::failing_target_tests
