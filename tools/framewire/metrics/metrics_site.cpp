#include "metrics_site.hpp"

#include "exposition.hpp"
#include "http/http_thread.hpp"

#include <fmt/format.h>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace framewire {
namespace {

// Each has a thread; a few servers ask every few seconds.
constexpr int surveys_max = 8;

// A loop that does not answer for so long is stuck in a service.
constexpr std::chrono::milliseconds answer_time{1'000};

enum status : int {
    ok = 200,
    not_found = 404,
    method_not_allowed = 405,
    service_unavailable = 503,
};

http_response say(int status, std::string_view words) {
    return plain_response(status, "text/plain; charset=utf-8", fmt::format("{}\n", words));
}

}  // namespace

metrics_site::answered metrics_site::answer(const http_request& request) {
    const auto path = std::string_view(request.target).substr(0, request.target.find('?'));
    const bool is_known = path == "/metrics" || path == "/healthz" || path == "/readyz";
    if (!is_known) return refuse(not_found, "there are /metrics, /healthz and /readyz");
    if (request.method != "GET" && request.method != "HEAD") {
        auto response = refuse(method_not_allowed, "this is only to be read");
        response.fields.push_back({"Allow", "GET, HEAD"});
        return response;
    }
    if (path == "/metrics") return survey(&metrics_site::metrics);
    if (path == "/healthz") return survey(&metrics_site::health);
    return readiness();
}

http_response metrics_site::readiness() const {
    if (!shown_.accepts()) return say(service_unavailable, "draining");
    const auto trouble = more_.store ? more_.store().trouble : std::nullopt;
    if (!trouble) return say(ok, "ready");
    return say(service_unavailable,
               fmt::format("{}: {}", error_name(trouble->code), trouble->words));
}

http_response metrics_site::refuse(int status, std::string_view words) const {
    return say(status, words);
}

metrics_site::answered metrics_site::survey(
    http_response (metrics_site::*make)(const std::stop_token&) const) {
    if (surveys_ >= surveys_max) return refuse(service_unavailable, "others are asking already");
    ++surveys_;
    const std::shared_ptr<std::atomic<int>> counted(&surveys_, [](auto* number) { --*number; });
    return http_work(
        [this, make, counted](const std::stop_token& stop) { return (this->*make)(stop); });
}

http_response metrics_site::metrics(const std::stop_token& stop) const {
    auto loops_now = loops(stop);
    const auto left_out = more_.log_lines_left_out ? more_.log_lines_left_out() : 0;
    server_snapshot now{.statistics = shown_.statistics(),
                        .loops = std::move(loops_now),
                        .accepts = shown_.accepts(),
                        .log_lines_left_out = left_out};
    if (more_.store) now.store = more_.store();
    if (more_.nats) now.nats = more_.nats();
    if (now.store && now.nats) now.store->survives = now.nats->survives;
    return plain_response(ok, std::string(exposition::media_type), server_metrics(now));
}

http_response metrics_site::health(const std::stop_token& stop) const {
    const auto all = loops(stop);
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all.at(i).has_answered) continue;
        const auto lag = std::chrono::floor<std::chrono::milliseconds>(all.at(i).lag);
        return say(service_unavailable,
                   fmt::format("loop {} has not answered for {} ms", i, lag.count()));
    }
    return say(ok, "healthy");
}

std::vector<surveyed_loop> metrics_site::loops(const std::stop_token& stop) const {
    return survey_loops(shown_, more_.loops, answer_time, stop);
}

}  // namespace framewire
