#pragma once

#include "framewire/net/server.hpp"
#include "load_survey.hpp"
#include "store/nats_forwarder.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// What is known of a server at one moment.
struct server_snapshot {
    server_statistics statistics{};
    std::vector<surveyed_loop> loops{};
    bool accepts = false;
    /// Lines of the log that its limit has left out.
    std::uint64_t log_lines_left_out = 0;
    std::optional<store_statistics> store{};
    std::optional<nats_statistics> nats{};
};

/// All metrics, in the text format of Prometheus. docs/metrics.md lists them.
[[nodiscard]] std::string server_metrics(const server_snapshot& now);

}  // namespace framewire
