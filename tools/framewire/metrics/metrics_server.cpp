#include "metrics_server.hpp"

#include "http/http_thread.hpp"
#include "metrics_site.hpp"

#include <utility>

namespace framewire {

struct metrics_server::implementation {
    implementation(const server& shown, metrics_source more) : site(shown, std::move(more)) {}

    metrics_site site;
    std::optional<http_thread> http;
};

result<metrics_server> metrics_server::start(const address& where, const server& shown,
                                             metrics_source more) {
    auto made = std::make_unique<implementation>(shown, std::move(more));
    auto started = http_thread::start(where, made->site);
    if (!started) return tl::unexpected(started.error());
    made->http = *std::move(started);
    return metrics_server(std::move(made));
}

metrics_server::metrics_server(std::unique_ptr<implementation> self) : self_(std::move(self)) {}
metrics_server::metrics_server(metrics_server&&) noexcept = default;
metrics_server::~metrics_server() = default;

const endpoint& metrics_server::local() const noexcept { return self_->http->local(); }

}  // namespace framewire
