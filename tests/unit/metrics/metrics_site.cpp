#include "metrics/metrics_site.hpp"

#include "eventually.hpp"
#include "metrics/load_survey.hpp"
#include "running_server.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <chrono>
#include <future>
#include <stop_token>
#include <string>
#include <thread>
#include <variant>

namespace framewire::tests::metrics_site_tests {
namespace {

using namespace std::chrono_literals;

// A server one of whose loops hangs in a service, until this is destroyed.
class hanging_server {
public:
    hanging_server() : one_(serving_.connect()) {
        one_.send(digits_frame("hang"));
        hangs_.get_future().wait();
    }
    ~hanging_server() { end_.set_value(); }
    hanging_server(const hanging_server&) = delete;
    hanging_server& operator=(const hanging_server&) = delete;

    [[nodiscard]] const server& itself() const { return serving_.itself(); }

private:
    std::promise<void> hangs_;
    std::promise<void> end_;
    running_server serving_{{.threads = 2}, {.service = service_from([this](bytes, outbox&) {
                                                 hangs_.set_value();
                                                 end_.get_future().wait();
                                             })}};
    raw_socket one_;
};

http_response asked(metrics_site& site, const std::string& target, const std::stop_token& stop) {
    auto found = site.answer({.method = "GET", .target = target, .fields = {}, .body = {}});
    auto* const work = std::get_if<http_work>(&found);
    return work == nullptr ? std::get<http_response>(std::move(found)) : (*work)(stop);
}

TEST(load_survey, says_which_loop_hangs) {
    const hanging_server serving;
    std::vector<surveyed_loop> found;
    ASSERT_TRUE(eventually([&] {
        found = survey_loops(serving.itself(), 2, 50ms, {});
        return std::ranges::count_if(found, &surveyed_loop::has_answered) == 1;
    }));
    const auto hangs = std::ranges::find(found, false, &surveyed_loop::has_answered);
    EXPECT_GE(hangs->lag, 50ms);
}

TEST(load_survey, ends_when_it_is_stopped) {
    const hanging_server serving;
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(survey_loops(serving.itself(), 2, 24h, stop.get_token()).size(), 2U);
}

TEST(metrics_site, is_not_healthy_while_a_loop_hangs) {
    const hanging_server serving;
    metrics_site site(serving.itself(), {.loops = 2});
    std::stop_source stop;
    stop.request_stop();
    const auto found = asked(site, "/healthz", stop.get_token());
    EXPECT_EQ(found.status, 503);
    EXPECT_NE(found.body.find(" has not answered for "), std::string::npos) << found.body;
    EXPECT_EQ(asked(site, "/metrics", stop.get_token()).status, 200);
    EXPECT_EQ(asked(site, "/readyz", {}).status, 200);
}

TEST(metrics_site, is_healthy_once_every_loop_has_answered) {
    const running_server serving({.threads = 2});
    metrics_site site(serving.itself(), {.loops = 2});
    EXPECT_EQ(asked(site, "/healthz", {}).body, "healthy\n");
    EXPECT_EQ(asked(site, "/healthz?from=probe", {}).status, 200);
    EXPECT_EQ(asked(site, "/elsewhere", {}).status, 404);
}

TEST(metrics_site, few_ask_at_a_time) {
    const running_server serving;
    metrics_site site(serving.itself(), {});
    std::vector<http_work> waiting;
    const http_request request{.method = "GET", .target = "/metrics", .fields = {}, .body = {}};
    while (waiting.size() < 100) {
        auto found = site.answer(request);
        if (!std::holds_alternative<http_work>(found)) break;
        waiting.push_back(std::get<http_work>(std::move(found)));
    }
    EXPECT_EQ(waiting.size(), 8U);
    waiting.clear();
    EXPECT_TRUE(std::holds_alternative<http_work>(site.answer(request)));
}

}  // namespace
}  // namespace framewire::tests::metrics_site_tests
