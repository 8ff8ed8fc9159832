#include "metrics_server.hpp"

#include "http/http_server.hpp"
#include "io/listening.hpp"
#include "io/sockets.hpp"
#include "metrics_site.hpp"

#include <fmt/format.h>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace framewire {
namespace {

std::vector<owned_descriptor> descriptors_of(std::vector<listening_socket>& listening) {
    std::vector<owned_descriptor> all;
    all.reserve(listening.size());
    for (auto& one : listening) all.push_back(std::move(one.descriptor));
    return all;
}

}  // namespace

struct metrics_server::implementation {
    implementation(std::vector<listening_socket> from, const server& shown, metrics_source more)
        : local(local_endpoint(from.front().descriptor.get())),
          site(shown, std::move(more)),
          http(descriptors_of(from), site),
          listening(std::move(from)),
          thread([this] { (void)http.run(); }) {}
    implementation(const implementation&) = delete;
    implementation& operator=(const implementation&) = delete;
    ~implementation() {
        http.stop();
        thread.join();
    }

    endpoint local;
    metrics_site site;
    http_server http;
    std::vector<listening_socket> listening;  // for the files of local sockets
    std::thread thread;
};

result<metrics_server> metrics_server::start(const address& where, const server& shown,
                                             metrics_source more) try {
    auto listening = open_listeners(where, port_sharing::none);
    if (!listening) return tl::unexpected(listening.error());
    return metrics_server(
        std::make_unique<implementation>(std::move(*listening), shown, std::move(more)));
} catch (const std::system_error& none_left) {
    return tl::unexpected(failure{fmt::format("cannot listen on {}: {}", where.text(),
                                              system_words(none_left.code().value()))});
}

metrics_server::metrics_server(std::unique_ptr<implementation> self) : self_(std::move(self)) {}
metrics_server::metrics_server(metrics_server&&) noexcept = default;
metrics_server::~metrics_server() = default;

const endpoint& metrics_server::local() const noexcept { return self_->local; }

}  // namespace framewire
