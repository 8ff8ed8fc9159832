#include "check/case_runner.hpp"
#include "check/report.hpp"
#include "check/run_cases.hpp"
#include "raw_peer.hpp"
#include "running_server.hpp"
#include "specs.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace framewire::tests::verdicts_tests {
namespace {

using namespace std::chrono_literals;

check_plan plan_for(const endpoint& at, std::string_view spec, std::string_view service = "echo",
                    std::chrono::milliseconds timeout = test_timeout) {
    return {.where = address::parse(at.text()).value(),
            .subject = check_subject::make(framing::parse(spec).value(), service).value(),
            .connection = {.timeout = timeout}};
}

// What is wrong with our server, in the words of the report; empty if nothing is.
std::string faults_of(std::string_view spec, std::string_view service) {
    const running_server server({}, {.framing = spec, .service = service_named(service)});
    const auto plan = plan_for(server.local(), spec, service);
    case_runner runner(plan);
    std::string faults;
    for (const auto& one : make_cases(plan.subject)) {
        const auto outcome = runner.run(one);
        if (outcome.what != verdict::pass && outcome.what != verdict::skipped) {
            faults += std::string(spec) + ", " + std::string(service) + ": " + text_of(outcome);
        }
    }
    return faults;
}

bool can_be_checked(std::string_view spec) {
    const auto frames = framing::parse(spec);
    return frames && check_subject::make(*frames, "echo");
}

// Those with frames and values, and of each group one with a limit.
std::vector<std::string_view> checked_specs() {
    std::vector<std::string_view> specs;
    std::set<std::string_view> limited;
    for_each_spec_line([&](const spec_line& one) {
        const bool is_common = one.serves("frames") || one.serves("values") || one.serves("cuts");
        const bool has_limit = one.spec.find(",max=") != std::string_view::npos;
        const bool is_new = std::ranges::find(specs, one.spec) == specs.end();
        if (!is_new || !can_be_checked(one.spec)) return;
        if (is_common || (has_limit && limited.insert(one.group).second)) {
            specs.push_back(one.spec);
        }
    });
    return specs;
}

// Most of the time is spent waiting, so many are checked at once.
TEST(our_server, passes_all_cases_in_every_framing) {
    const auto specs = checked_specs();
    EXPECT_GT(specs.size(), 120U);
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        std::string faults;
        for (auto i = next++; i < specs.size(); i = next++) faults += faults_of(specs[i], "echo");
        return faults;
    };
    std::vector<std::future<std::string>> workers;
    for (int i = 0; i < 64; ++i) workers.push_back(std::async(std::launch::async, work));
    for (auto& one : workers) EXPECT_EQ(one.get(), "");
}

TEST(our_server, passes_all_cases_where_the_first_frame_is_of_another_framing) {
    EXPECT_EQ(faults_of("digits:4,first=netstring", "echo"), "");
}

TEST(our_server, passes_all_cases_with_other_services) {
    auto once =
        std::async(std::launch::async, faults_of, "fixed:16", "reply:Goodbye, client!,close");
    EXPECT_EQ(faults_of("digits:64,pad=space,max=1KiB", "acknowledge"), "");
    EXPECT_EQ(once.get(), "");
}

// The outcome of one case with a peer that does this with each of its connections.
check_outcome outcome_of(std::string_view name, const std::function<void(raw_socket&)>& serve,
                         std::string_view spec = "digits:10", std::string_view service = "echo") {
    raw_socket listener(endpoint::family::ipv4);
    listener.listen();
    std::atomic<bool> ends{false};
    auto accepting = std::async(std::launch::async, [&] {
        while (!ends) {
            auto one = listener.accept();
            try {
                serve(one);
            } catch (const std::exception&) {  // the client has left
            }
        }
    });
    const auto plan = plan_for(listener.local(), spec, service, 300ms);
    case_runner runner(plan);
    check_outcome outcome;
    for (const auto& one : make_cases(plan.subject)) {
        if (one.row->name == name) outcome = runner.run(one);
    }
    ends = true;
    raw_socket last(listener.local());
    last.close();
    accepting.get();
    return outcome;
}

// One read is one message.
void reply_to_each_read(raw_socket& one) {
    for (auto part = one.receive_some(); !part.empty(); part = one.receive_some()) {
        one.send(digits_frame(part.size() > 10 ? part.substr(10) : ""));
    }
}

TEST(check_verdicts, a_server_that_takes_a_read_for_a_message_fails) {
    EXPECT_EQ(outcome_of("pieces.whole", reply_to_each_read).what, verdict::pass);
    const auto split = outcome_of("pieces.split", reply_to_each_read);
    EXPECT_EQ(split.what, verdict::fail);
    ASSERT_TRUE(split.finding);
    // Where it is cut: the pieces of the first ways may have come together after all.
    EXPECT_TRUE(split.finding->how.starts_with("cut before byte ")) << split.finding->how;
    EXPECT_EQ(split.finding->expected, "the reply \"message 0\" to message 1 of 2");
    EXPECT_TRUE(split.finding->seen.starts_with("the reply \"")) << split.finding->seen;
    EXPECT_EQ(split.finding->offset, 0U);
    EXPECT_NE(split.finding->advice.find("took the first piece for a whole message"),
              std::string::npos);
}

TEST(check_verdicts, two_messages_in_one_reply_are_glued) {
    const auto outcome = outcome_of("pieces.coalesced", reply_to_each_read);
    EXPECT_EQ(outcome.what, verdict::fail);
    EXPECT_NE(outcome.finding->advice.find("two messages for one"), std::string::npos);
}

TEST(check_verdicts, a_connection_that_stays_open_is_a_warning) {
    std::vector<raw_socket> open;
    const auto outcome = outcome_of("protocol.http", [&](raw_socket& one) {
        if (auto part = one.receive_some(); part.starts_with("GET")) {
            open.push_back(std::move(one));
        } else {
            one.send(part);
        }
    });
    EXPECT_EQ(outcome.what, verdict::warning);
    EXPECT_EQ(outcome.finding->seen, "it is still open");
}

TEST(check_verdicts, a_reply_to_no_message_is_a_failure) {
    const auto outcome = outcome_of("length.plus", [](raw_socket& one) {
        while (true) {
            const auto payload = one.receive(static_cast<std::size_t>(std::stoi(one.receive(10))));
            one.send(digits_frame(payload));
        }
    });
    EXPECT_EQ(outcome.what, verdict::fail);
    EXPECT_EQ(outcome.finding->expected, "no reply, as no message is complete and correct");
    EXPECT_EQ(outcome.finding->offset, 15U);
    EXPECT_EQ(outcome.finding->sent, "\"0000000005Hello\", and later \"+000000005Hello\"");
}

TEST(check_verdicts, bytes_that_are_no_message_are_a_warning) {
    const auto outcome = outcome_of("length.plus", echo_everything);
    EXPECT_EQ(outcome.what, verdict::warning);
    EXPECT_TRUE(outcome.finding->seen.starts_with("frame.length_syntax at 15: "));
}

TEST(check_verdicts, a_reply_that_is_no_frame_is_explained) {
    const auto outcome = outcome_of("pieces.whole", [](raw_socket& one) {
        (void)one.receive(15);
        one.send("Hello");
        (void)one.receive_to_end();
    });
    EXPECT_EQ(outcome.what, verdict::fail);
    EXPECT_TRUE(outcome.finding->seen.starts_with("frame.syntax at 0: \"Hello\""))
        << outcome.finding->seen;
    EXPECT_NE(outcome.finding->advice.find("write a header before each reply"), std::string::npos);
}

TEST(check_verdicts, a_reply_too_many_is_a_failure) {
    const auto outcome = outcome_of("pieces.whole", [](raw_socket& one) {
        const auto frame = one.receive(15);
        one.send(frame + frame);
        (void)one.receive_to_end();
    });
    EXPECT_EQ(outcome.what, verdict::fail);
    EXPECT_EQ(outcome.finding->expected, "no further reply");
}

TEST(check_verdicts, a_case_that_should_pass_is_a_warning) {
    // Serves one client after the other.
    const auto outcome = outcome_of("load.beside", [](raw_socket& one) {
        std::string all;
        for (auto part = one.receive_some(); !part.empty(); part = one.receive_some()) {
            all += part;
            if (all.size() >= 15) one.send(std::exchange(all, {}));
        }
    });
    EXPECT_EQ(outcome.what, verdict::warning);
    EXPECT_EQ(outcome.finding->expected, "for another client, the reply \"Hello\"");
}

TEST(check_verdicts, nothing_is_checked_once_nobody_listens) {
    endpoint at;
    {
        raw_socket listener(endpoint::family::ipv4);
        listener.listen();
        at = listener.local();
    }
    const auto plan = plan_for(at, "digits:10");
    case_runner runner(plan);
    const auto cases = make_cases(plan.subject);
    EXPECT_EQ(runner.run(cases[1]).what, verdict::fail);
    const auto second = runner.run(cases[2]);
    EXPECT_EQ(second.what, verdict::skipped);
    EXPECT_EQ(second.reason, "the server accepts no more connections");
}

TEST(check_learning, finds_out_what_a_server_replies) {
    const auto learned = [](std::string_view service) {
        const running_server server({},
                                    {.framing = "fixed:16", .service = service_named(service)});
        auto plan = plan_for(server.local(), "fixed:16", "any", 300ms);
        EXPECT_TRUE(learn_about(plan));
        return describe_service(plan);
    };
    EXPECT_EQ(learned("echo"), "one reply to each message");
    EXPECT_EQ(learned("discard"), "no replies");
    EXPECT_EQ(learned("reply:Goodbye, client!,close"),
              "one reply to each message, and the end after the first");
}

TEST(run_cases, keeps_the_order_and_runs_all) {
    const running_server server;
    const auto plan = plan_for(server.local(), "digits:10");
    case_runner runner(plan);
    const auto cases = make_cases(plan.subject);
    std::vector<const check_row*> reported;
    run_cases(runner, cases, 8, [&](const check_outcome& one) { reported.push_back(one.row); });
    ASSERT_EQ(reported.size(), cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i) EXPECT_EQ(reported[i], cases[i].row);
}

TEST(run_cases, throws_what_its_caller_throws) {
    const running_server server;
    const auto plan = plan_for(server.local(), "digits:10");
    case_runner runner(plan);
    const auto cases = make_cases(plan.subject);
    EXPECT_THROW(run_cases(runner, cases, 4,
                           [&](const check_outcome& one) {
                               if (one.row == cases[1].row) throw std::runtime_error("enough");
                           }),
                 std::runtime_error);
}

}  // namespace
}  // namespace framewire::tests::verdicts_tests
