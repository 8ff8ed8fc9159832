#include "http_thread.hpp"

#include "http_server.hpp"
#include "io/listening.hpp"
#include "io/sockets.hpp"

#include <fmt/format.h>
#include <string>
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

struct http_thread::implementation {
    implementation(std::vector<listening_socket> from, http_site& site)
        : local(local_endpoint(from.front().descriptor.get())),
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
    http_server http;
    std::vector<listening_socket> listening;  // for the files of local sockets
    std::thread thread;
};

result<http_thread> http_thread::start(const address& where, http_site& site) try {
    auto listening = open_listeners(where, port_sharing::none);
    if (!listening) return tl::unexpected(listening.error());
    return http_thread(std::make_unique<implementation>(std::move(*listening), site));
} catch (const std::system_error& none_left) {
    return tl::unexpected(failure{fmt::format("cannot listen on {}: {}", where.text(),
                                              system_words(none_left.code().value()))});
}

http_thread::http_thread(std::unique_ptr<implementation> self) : self_(std::move(self)) {}
http_thread::http_thread(http_thread&&) noexcept = default;
http_thread& http_thread::operator=(http_thread&&) noexcept = default;
http_thread::~http_thread() = default;

const endpoint& http_thread::local() const noexcept { return self_->local; }

http_response plain_response(int status, std::string type, std::string body) {
    return {.status = status,
            .fields = {{"Content-Type", std::move(type)},
                       {"Cache-Control", "no-store"},
                       {"X-Content-Type-Options", "nosniff"}},
            .body = std::move(body)};
}

}  // namespace framewire
