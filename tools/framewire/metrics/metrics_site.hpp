#pragma once

#include "framewire/net/server.hpp"
#include "http/http_message.hpp"
#include "metrics_server.hpp"
#include "server_metrics.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <variant>

namespace framewire {

/// What `serve --metrics` shows: `/metrics`; `/healthz`, whether every event loop answers;
/// `/readyz`, whether new connections are accepted, and messages stored.
class metrics_site final : public http_site {
public:
    /// Requires: `shown` outlives this.
    metrics_site(const server& shown, metrics_source more)
        : shown_(shown), more_(std::move(more)) {}

    std::variant<http_response, http_work> answer(const http_request& request) override;
    [[nodiscard]] http_response refuse(int status, std::string_view words) const override;

private:
    using answered = std::variant<http_response, http_work>;

    [[nodiscard]] answered survey(http_response (metrics_site::*make)(const std::stop_token&)
                                      const);
    [[nodiscard]] http_response readiness() const;
    [[nodiscard]] http_response metrics(const std::stop_token& stop) const;
    [[nodiscard]] http_response health(const std::stop_token& stop) const;
    [[nodiscard]] std::vector<surveyed_loop> loops(const std::stop_token& stop) const;

    const server& shown_;
    metrics_source more_;
    std::atomic<int> surveys_ = 0;  // that wait for the loops
};

}  // namespace framewire
