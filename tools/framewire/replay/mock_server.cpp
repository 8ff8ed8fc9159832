#include "mock_server.hpp"

#include "io/listening.hpp"
#include "io/poller.hpp"
#include "io/signal_handler.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <exception>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

namespace framewire {
namespace {

// Each client has a thread; more wait in the queue of the socket.
constexpr std::size_t threads_max = 1'000;
// How soon it is noticed that a client has left.
constexpr std::chrono::milliseconds check_interval{50};

class mock_server {
public:
    mock_server(const script& all, performance_plan plan, std::uint64_t clients_max,
                const std::function<void(const performance_result&)>& played)
        : all_(all), plan_(std::move(plan)), clients_max_(clients_max), played_(played) {
        plan_.is_stopped = &is_stopped_;
    }
    mock_server(const mock_server&) = delete;
    mock_server& operator=(const mock_server&) = delete;
    ~mock_server() {
        is_stopped_ = true;
        for (auto& one : threads_) one.runs.join();
    }

    result<performance_result> run(const address& where,
                                   const std::function<void(const std::string&)>& listening) {
        auto listeners = open_listeners(where, port_sharing::none);
        if (!listeners) return tl::unexpected(listeners.error());
        poller waiting;
        constexpr std::array stopping{SIGINT, SIGTERM};
        const signal_handler stop(waiting, stopping, [this] { is_stopped_ = true; });
        std::list<listener> accepting;
        for (const auto& one : *listeners) {
            accepting.emplace_back(*this, one.descriptor.get());
            if (!waiting.add(one.descriptor.get(), accepting.back(), {.readable = true})) {
                return tl::unexpected(failure{"cannot wait for clients: " + system_words(errno)});
            }
        }
        listening(local_endpoint(listeners->front().descriptor.get()).text());
        while (!is_stopped_ && (clients_max_ == 0 || accepted_ < clients_max_ || running() > 0)) {
            waiting.wait(check_interval);
            waiting.dispatch();
        }
        is_stopped_ = true;
        for (auto& one : threads_) one.runs.join();
        threads_.clear();
        if (thrown_) std::rethrow_exception(thrown_);
        return std::move(sum_);
    }

private:
    struct listener final : pollable {
        listener(mock_server& server, int socket) : to(server), descriptor(socket) {}
        void ready(interest /*found*/) override { to.accept(descriptor); }

        mock_server& to;
        int descriptor;
    };
    struct player_thread {
        std::thread runs;
        std::atomic<bool> is_over{false};
    };

    std::size_t running() {
        std::erase_if(threads_, [](player_thread& one) {
            if (!one.is_over) return false;
            one.runs.join();
            return true;
        });
        return threads_.size();
    }

    void accept(int descriptor) {
        if (running() >= threads_max || (clients_max_ > 0 && accepted_ >= clients_max_)) {
            std::this_thread::sleep_for(check_interval);
            return;
        }
        auto client = accept_connection(descriptor);
        if (!client.descriptor.is_open()) {
            if (after_failed_accept(errno) == accept_advice::pause) {
                std::this_thread::sleep_for(accept_pause);
            }
            return;
        }
        const auto connection = accepted_++ % all_.connections.size();
        auto& one = threads_.emplace_back();
        try {
            one.runs = std::thread(
                [this, connection, &is_over = one.is_over,
                 socket = std::make_shared<owned_descriptor>(std::move(client.descriptor))] {
                    play(connection, std::move(*socket));
                    is_over = true;
                });
        } catch (const std::exception&) {  // the client sees the end of the connection
            threads_.pop_back();
            throw;
        }
    }

    // In a thread of its own.
    void play(std::size_t connection, owned_descriptor client) {
        try {
            const auto found = play_server(all_, connection, std::move(client), plan_);
            const std::lock_guard lock(mutex_);
            sum_.add(found);
            played_(found);
        } catch (const std::exception&) {  // out of memory, or nobody reads what is printed
            const std::lock_guard lock(mutex_);
            thrown_ = std::current_exception();
            is_stopped_ = true;
        }
    }

    const script& all_;
    performance_plan plan_;
    std::uint64_t clients_max_;
    const std::function<void(const performance_result&)>& played_;
    std::atomic<bool> is_stopped_{false};
    std::uint64_t accepted_ = 0;
    std::list<player_thread> threads_;
    std::mutex mutex_;
    performance_result sum_;
    std::exception_ptr thrown_;
};

}  // namespace

result<performance_result> run_mock_server(
    const script& all, const address& where, performance_plan plan, std::uint64_t clients_max,
    const std::function<void(const std::string&)>& listening,
    const std::function<void(const performance_result&)>& played) {
    return mock_server(all, std::move(plan), clients_max, played).run(where, listening);
}

}  // namespace framewire
