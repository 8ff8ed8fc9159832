#include "nats_subject.hpp"

#include "framewire/core/units.hpp"
#include "nats_connection.hpp"

#include <fmt/format.h>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <random>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace framewire {
namespace {

// A publisher that is faster than the network is not held back: what it relays is not stored.
constexpr std::size_t waiting_bytes_max = 16 * MiB;

constexpr std::chrono::milliseconds retry_period{1'000};
constexpr std::int64_t flush_ms = 2'000;

// Servers do not give our messages back to us, unless we have connected anew meanwhile.
constexpr const char* header_node = "Framewire-Node";

}  // namespace

struct nats_subject::implementation {
    implementation(std::string name, std::string servers_shown, received taken, log called)
        : subject(std::move(name)),
          shown(std::move(servers_shown)),
          take(std::move(taken)),
          notices(std::move(called)),
          node(fmt::format("{:08x}{:08x}", std::random_device()(), std::random_device()())) {}
    implementation(const implementation&) = delete;
    implementation& operator=(const implementation&) = delete;
    ~implementation() {
        {
            const std::lock_guard lock(mutex);
            stops = true;
        }
        changed.notify_one();
        if (thread.joinable()) thread.join();
        if (connection) connection->library().destroy_subscription(subscription);
    }

    result<void> subscribe() {
        const auto& library = connection->library();
        if (connection->handle() == nullptr) return {};
        library.destroy_subscription(std::exchange(subscription, nullptr));
        const auto status = library.subscribe(&subscription, connection->handle(), subject.c_str(),
                                              on_message, this);
        // What others publish from here on is received.
        if (connection->is_connected()) (void)library.flush(connection->handle(), flush_ms);
        if (status == NATS_OK) return {};
        return tl::unexpected(failure{
            fmt::format("cannot subscribe to {}: {}", subject, library.status_text(status))});
    }

    static void on_message(natsConnection* /*of*/, natsSubscription* /*to*/, natsMsg* message,
                           void* self) {
        const auto& that = *static_cast<implementation*>(self);
        const auto& library = that.connection->library();
        const owned_nats_message one(message, {&library});
        const char* from = nullptr;
        const bool has_node = library.header(message, header_node, &from) == NATS_OK;
        if (has_node && that.node == from) return;
        that.take({library.data(message), static_cast<std::size_t>(library.data_size(message))});
    }

    void work() {
        std::unique_lock lock(mutex);
        while (!stops) {
            changed.wait_for(lock, retry_period,
                             [this] { return stops || has_changed || !waiting.empty(); });
            has_changed = false;
            auto ready = std::exchange(waiting, {});
            waiting_bytes = 0;
            lock.unlock();
            keep_connected();
            for (const auto& one : ready) send(one);
            lock.lock();
        }
    }

    void keep_connected() {
        if (connection->is_closed()) {
            connection->library().destroy_subscription(std::exchange(subscription, nullptr));
            connection->reopen();
            (void)subscribe();
        }
        const bool now = connection->is_connected();
        if (std::exchange(was_connected, now) == now || !notices) return;
        notices(now ? fmt::format("messages are relayed through {} at {}", subject, shown)
                    : fmt::format("messages are relayed on this server only: {}: {}", shown,
                                  connection->trouble()),
                !now);
    }

    void send(const std::string& payload) {
        if (!connection->is_connected()) return;
        const auto& library = connection->library();
        natsMsg* made = nullptr;
        (void)library.create_message(&made, subject.c_str(), nullptr, payload.data(),
                                     static_cast<int>(payload.size()));
        const owned_nats_message one(made, {&library});
        if (!one || library.set_header(made, header_node, node.c_str()) != NATS_OK) return;
        const auto status = library.publish(connection->handle(), made);
        if (status == NATS_OK || !notices) return;
        notices(fmt::format("a message of {} bytes was not relayed through {}: {}", payload.size(),
                            subject, library.status_text(status)),
                true);
    }

    const std::string subject;
    const std::string shown;
    const received take;
    const log notices;
    const std::string node;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::string> waiting;
    std::size_t waiting_bytes = 0;
    bool has_changed = false;
    bool stops = false;
    bool was_connected = true;  // what a person expects
    natsSubscription* subscription = nullptr;
    std::unique_ptr<nats_connection> connection;
    std::thread thread;
};

nats_subject::nats_subject(std::unique_ptr<implementation> self) : self_(std::move(self)) {}

nats_subject::~nats_subject() = default;

result<std::unique_ptr<nats_subject>> nats_subject::open(const std::string& servers,
                                                         std::string subject, std::string shown,
                                                         received taken, log notices) {
    auto self = std::make_unique<implementation>(std::move(subject), std::move(shown),
                                                 std::move(taken), std::move(notices));
    auto connection =
        nats_connection::open(servers, "framewire " + self->node, [that = self.get()] {
            {
                const std::lock_guard lock(that->mutex);
                that->has_changed = true;
            }
            that->changed.notify_one();
        });
    if (!connection) return tl::unexpected(connection.error());
    self->connection = std::move(*connection);
    if (auto done = self->subscribe(); !done) return tl::unexpected(done.error());
    try {
        self->thread = std::thread([that = self.get()] { that->work(); });
    } catch (const std::system_error& thrown) {
        return tl::unexpected(failure{fmt::format("cannot start a thread: {}", thrown.what())});
    }
    return std::unique_ptr<nats_subject>(new nats_subject(std::move(self)));
}

void nats_subject::publish(bytes payload) {
    {
        const std::lock_guard lock(self_->mutex);
        if (self_->waiting_bytes + payload.size() > waiting_bytes_max) return;
        self_->waiting.emplace_back(payload);
        self_->waiting_bytes += payload.size();
    }
    self_->changed.notify_one();
}

}  // namespace framewire
