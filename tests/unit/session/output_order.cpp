// Whatever a service does in whatever order, the peer decodes whole frames in the right order.

#include "framewire/session/session.hpp"

#include "driven_session.hpp"
#include "every_framing.hpp"
#include "output_oracle.hpp"
#include "random_bytes.hpp"
#include "stream_reader.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire::output_order_tests {
namespace {

using namespace std::chrono_literals;

// A session, the oracle, and a peer that takes output when it likes.
class conversation {
public:
    conversation(std::string_view spec, std::uint32_t seed)
        : frames_(tests::framing_of(spec)),
          random_(seed),
          peer_(spec, {.queued_bytes_max = 50 + random_.below(500), .deferred_max = 1'000'000},
                delivery::whole, random_.below(2) == 0 ? nullptr : &shared_) {}

    void step() {
        switch (random_.below(10)) {
            case 0: return writes_ ? append() : send();
            case 1: return writes_ ? append() : begin();
            case 2: return writes_ ? end() : echo();
            case 3:
            case 4: return writes_ ? end() : defer();
            case 5:
            case 6: return answer();
            case 7: return push();
            case 8: return take();
            default: return peer_->hold();
        }
    }

    void finish() {
        while (!slots_.empty()) answer();
        if (writes_) end();
        check();
        while (!peer_->output().empty()) {
            taken_ += peer_->output();
            peer_->sent(peer_->output().size());
            echo_what_is_left();
        }
        EXPECT_TRUE(peer_->at_rest());
        check();
    }

    void give_up() { peer_->give_up(errc::service_failed, "no disk"); }

    /// What the peer decodes is what the oracle expects, and so far it is all of it.
    void check() {
        EXPECT_EQ(decoded(), oracle_.sent());
        EXPECT_EQ(peer_->owes(), oracle_.waits_for_slots() || !peer_->output().empty());
    }
    /// The peer decodes what is expected, up to some frame.
    void check_beginning() {
        const auto found = decoded();
        const auto& all = oracle_.sent();
        ASSERT_LE(found.size(), all.size());
        EXPECT_TRUE(std::equal(found.begin(), found.end(), all.begin()));
    }

private:
    // All framings can carry it, and no two are the same.
    std::string next_payload() { return fmt::format("payload {:08}", ++payloads_); }

    void send() {
        const auto payload = next_payload();
        ASSERT_TRUE(peer_->send(payload));
        oracle_.send(payload);
    }
    // The buffer of a connection is gone after `hold`.
    void echo() {
        std::string buffer;
        for (std::size_t n = 1 + random_.below(3); n > 0; --n)
            ASSERT_TRUE(frames_.encode(next_payload(), buffer));
        if (peer_->wants_input()) peer_->receive(buffer);
        echo_what_is_left();
    }
    void echo_what_is_left() {
        while (const auto found = peer_->next()) {
            if (found->what != event::kind::frame) return;
            const auto payload = found->piece.payload;
            oracle_.send(std::string(payload));
            if (peer_->lend(payload)) continue;
            ASSERT_TRUE(peer_->send(payload));
        }
        if (random_.below(2) == 0) take();
        peer_->hold();
    }

    void begin() {
        ASSERT_TRUE(peer_->begin(next_payload().size()));
        oracle_.begin();
        writes_ = true;
        writing_ = fmt::format("payload {:08}", payloads_);
        written_ = 0;
    }
    void append() {
        const auto size = random_.below(writing_.size() - written_ + 1);
        ASSERT_TRUE(peer_->append(bytes(writing_).substr(written_, size)));
        written_ += size;
    }
    void end() {
        ASSERT_TRUE(peer_->append(bytes(writing_).substr(written_)));
        ASSERT_TRUE(peer_->end());
        oracle_.end(writing_);
        writes_ = false;
    }

    void defer() {
        const bool keeps_place = random_.below(3) > 0;
        slots_.push_back(peer_->defer(keeps_place, random_.below(30)));
        oracle_.defer(slots_.back(), keeps_place);
    }
    void answer() {
        if (slots_.empty()) return;
        const auto at = random_.below(slots_.size());
        const auto slot = slots_[at];
        slots_.erase(slots_.begin() + static_cast<std::ptrdiff_t>(at));
        if (random_.below(4) == 0) {
            peer_->skip(slot);
            oracle_.skip(slot);
        } else {
            const auto payload = next_payload();
            ASSERT_TRUE(peer_->answer(slot, payload));
            oracle_.answer(slot, payload);
        }
    }

    void push() {
        const auto payload = next_payload();
        std::string frame;
        ASSERT_TRUE(frames_.encode(payload, frame));
        const bool may = peer_->can_push();
        EXPECT_FALSE(may && oracle_.inside_frame());
        const bool pushed = peer_->push(std::make_shared<const std::string>(frame));
        EXPECT_EQ(pushed, may);
        if (pushed) oracle_.push(payload);
    }
    void take() {
        const auto size = random_.below(peer_->output().size() + 1);
        taken_ += peer_->output().substr(0, size);
        peer_->sent(size);
    }

    std::vector<std::string> decoded() {
        const auto all =
            tests::read_whole(frames_.decoder(), taken_ + std::string(peer_->output()));
        std::vector<std::string> payloads;
        for (const auto& one : all.frames) payloads.push_back(one.payload);
        return payloads;
    }

    framing frames_;
    tests::random_bytes random_;
    std::string shared_;
    tests::driven_session peer_;
    tests::output_oracle oracle_;
    std::vector<std::uint64_t> slots_;  // open ones
    std::string taken_;
    std::string writing_;
    std::size_t written_ = 0;
    bool writes_ = false;
    int payloads_ = 0;
};

class output_order : public testing::TestWithParam<std::string_view> {};

TEST_P(output_order, is_kept_whatever_is_done) {
    for (std::uint32_t seed = 1; seed <= 15; ++seed) {
        conversation all(GetParam(), seed);
        for (int steps = 0; steps < 150; ++steps) {
            all.step();
            if (steps % 10 == 0) all.check();
            if (HasFailure()) FAIL() << "seed " << seed << ", step " << steps;
        }
        all.finish();
        if (HasFailure()) FAIL() << "seed " << seed;
    }
}

TEST_P(output_order, of_what_is_sent_after_giving_up_is_kept) {
    for (std::uint32_t seed = 1; seed <= 15; ++seed) {
        conversation all(GetParam(), seed);
        for (std::uint32_t steps = 0; steps < 40 + seed; ++steps) all.step();
        all.give_up();
        for (int steps = 0; steps < 20; ++steps) all.step();
        all.check_beginning();
        if (HasFailure()) FAIL() << "seed " << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(framings, output_order, testing::ValuesIn(tests::every_framing));

}  // namespace
}  // namespace framewire::output_order_tests
