#include "net/connector.hpp"

#include "eventually.hpp"
#include "net/event_loop.hpp"
#include "raw_socket.hpp"
#include "resources.hpp"
#include "running_loop.hpp"

#include <gtest/gtest.h>
#include <sys/un.h>
#include <chrono>
#include <cstring>
#include <future>
#include <list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace framewire::tests::connector_tests {
namespace {

using std::chrono::milliseconds;

// The first socket address of what is written so.
socket_address at(std::string_view text) {
    return resolve(*address::parse(text), false).value().front();
}

address where() { return *address::parse("server.example:7000"); }

// A poller and a wheel for one connector.
class connecting {
public:
    using outcome = std::optional<result<owned_descriptor>>;

    connecting(std::vector<socket_address> candidates, milliseconds timeout = test_timeout)
        : one_(std::in_place, poller_, timers_, where(), std::move(candidates), timeout,
               [this](result<owned_descriptor> found) {
                   ++calls;
                   outcome_ = std::move(found);
               }) {
        one_->start();
    }

    void run_once() {
        poller_.wait(timers_.timeout());
        poller_.dispatch();
        timers_.advance(std::chrono::steady_clock::now());
    }
    const outcome& run() {
        while (!outcome_) run_once();
        return outcome_;
    }
    void give_up() { one_.reset(); }

    int calls = 0;

private:
    poller poller_;
    timer_wheel timers_;
    outcome outcome_;
    std::optional<connector> one_;
};

raw_socket listener(int backlog = 64) {
    raw_socket one(endpoint::family::ipv4);
    one.listen(backlog);
    return one;
}

// An address at which nobody listens.
std::string nobody() { return listener().local().text(); }

TEST(connector, connects_to_the_first_that_answers) {
    auto here = listener();
    connecting one({at(nobody()), at(nobody()), at(here.local().text())});
    const auto& found = one.run();
    ASSERT_TRUE(*found) << found->error().message();
    auto accepted = here.accept();
    EXPECT_EQ(remote_endpoint((*found)->get()).text(), here.local().text());
    EXPECT_EQ(one.calls, 1);
}

TEST(connector, does_not_try_those_after_it) {
    auto here = listener();
    connecting one({at(here.local().text()), at(nobody())});
    EXPECT_TRUE(*one.run());
}

TEST(connector, fails_with_the_words_of_the_last) {
    const auto before = open_descriptors();
    {
        connecting one({at("unix:/no/such/socket"), at(nobody())});
        const auto& found = one.run();
        ASSERT_FALSE(*found);
        EXPECT_EQ(found->error().message(),
                  "cannot connect to server.example:7000: connection refused");
        EXPECT_FALSE(found->error().hint.empty());
    }
    connecting other({at(nobody()), at("unix:/no/such/socket")});
    EXPECT_EQ(other.run()->error().message(),
              "cannot connect to server.example:7000: no such file or directory");
    EXPECT_EQ(other.calls, 1);
    EXPECT_EQ(open_descriptors(), before + 1);  // the poller of the second
}

// A listener whose queue is full answers nothing at all.
class full_listener {
public:
    full_listener() {
        do {
            queue_.emplace_back(endpoint::family::ipv4).begin_to_connect(full_.local());
        } while (queue_.back().connected_within(milliseconds(100)) && queue_.size() < 10);
        EXPECT_LT(queue_.size(), 10U);
    }
    [[nodiscard]] std::string text() const { return full_.local().text(); }

private:
    raw_socket full_ = listener(0);
    std::list<raw_socket> queue_;
};

TEST(connector, gives_up_at_its_deadline_whatever_is_left_to_try) {
    const full_listener full;
    auto here = listener();
    connecting one({at(full.text()), at(here.local().text())}, milliseconds(60));
    const auto& found = one.run();
    ASSERT_FALSE(*found);
    EXPECT_EQ(found->error().message(),
              "cannot connect to server.example:7000: no answer in time");
    EXPECT_EQ(one.calls, 1);
}

TEST(connector, that_is_destroyed_calls_nobody) {
    const full_listener full;
    connecting one({at(full.text())}, milliseconds(60));
    one.give_up();
    EXPECT_EQ(one.calls, 0);
}

TEST(connector, belongs_to_a_loop_until_its_outcome) {
    auto here = listener();
    running_loop running;
    std::promise<result<owned_descriptor>> outcome;
    running.loop().post([&] {
        running.loop().connect(
            where(), {at(here.local().text())}, test_timeout,
            [&](result<owned_descriptor> found) { outcome.set_value(std::move(found)); });
    });
    EXPECT_TRUE(outcome.get_future().get());
}

TEST(connector, may_begin_another_when_it_has_failed) {
    auto here = listener();
    running_loop running;
    std::promise<result<owned_descriptor>> outcome;
    auto& loop = running.loop();
    loop.post([&] {
        loop.connect(where(), {at(nobody())}, test_timeout, [&](const auto& failed) {
            EXPECT_FALSE(failed);
            loop.connect(
                where(), {at(here.local().text())}, test_timeout,
                [&](result<owned_descriptor> found) { outcome.set_value(std::move(found)); });
        });
    });
    EXPECT_TRUE(outcome.get_future().get());
}

TEST(connector, ends_with_its_loop_without_a_call) {
    const full_listener full;
    bool called = false;
    {
        running_loop running;
        running.loop().post([&] {
            running.loop().connect(where(), {at(full.text())}, test_timeout,
                                   [&](const auto& /*found*/) { called = true; });
        });
        running.settle();
    }
    EXPECT_FALSE(called);
}

}  // namespace
}  // namespace framewire::tests::connector_tests
