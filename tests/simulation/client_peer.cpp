#include "client_peer.hpp"

#include "framewire/net/client.hpp"
#include "memory.hpp"

#include <chrono>
#include <future>
#include <string>
#include <utility>
#include <vector>

namespace framewire::tests {

using std::chrono::milliseconds;

void client_peer::wait(nanoseconds most) {
    const allocating_for here(memory_owner::simulation);
    const nanoseconds pause(world_.random.below(static_cast<std::size_t>(most.count())));
    world_.threads.wait([] { return false; }, world_.time.now() + pause);
}

void client_peer::run() {
    wait(milliseconds(2'000));
    converse();
}

void client_peer::require_reply(const wire_result<std::string>& got, const std::string& asked) {
    if (got) {
        world_.require(*got == *served_.reply(asked), "a client got another reply");
        return;
    }
    world_.time.note("a client's request fails", 0, static_cast<std::int64_t>(got.error().code));
    world_.require(world_.stopping || world_.may_refuse, "a client got no reply");
}

void client_peer::converse() {
    auto& random = world_.random;
    client_settings settings;
    settings.timeout = std::chrono::seconds(20);
    settings.reconnect.attempts_max = random.one_of({0U, 0U, 3U});
    auto connected = client::connect("127.0.0.1:7000", form_.spec, std::move(settings));
    if (!connected) return world_.require(world_.stopping || world_.may_refuse, "no connection");
    for (auto left = random.below(8); left > 0; --left) {
        std::vector<std::pair<std::string, std::future<client::reply>>> later;
        for (auto together = random.below(4); together > 0; --together) {
            auto payload = random_payload(random, random.between<std::size_t>(2, 90));
            auto reply = connected->request_later(payload);
            later.emplace_back(std::move(payload), std::move(reply));
        }
        const auto payload = random_payload(random, random.between<std::size_t>(2, 90));
        require_reply(connected->request(payload), payload);
        for (auto& [asked, reply] : later) require_reply(reply.get(), asked);
        wait(milliseconds(100));
    }
}

}  // namespace framewire::tests
