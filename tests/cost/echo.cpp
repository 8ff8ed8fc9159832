// A server with all that a server of ours has: limits, deadlines, statistics. Its instructions are
// counted (test_instructions.py), so it ends by itself: with its first connection, or after a
// minute.

#include "framewire/net/server.hpp"
#include "framewire/service/services.hpp"

#include <unistd.h>
#include <chrono>
#include <iostream>
#include <optional>
#include <string_view>

namespace {

constexpr unsigned seconds_max = 60;
constexpr framewire::limits all_limits{.idle_deadline = std::chrono::minutes(1)};

// The first to come is the last to go.
class end_with_first final : public framewire::observer {
public:
    [[nodiscard]] bool observes_traffic() const noexcept override { return false; }
    void on(const framewire::peer& who, const framewire::occurrence& what) override {
        const bool closed = std::holds_alternative<framewire::occurred::closed>(what);
        if (closed && who.id == 1) server->stop();
    }

    std::optional<framewire::server> server;
};

// As examples/01_echo_server.cpp has it, but what it replies was not received.
framewire::service_factory service_of(std::string_view spec) {
    if (spec != "function") return *framewire::make_service(spec);
    return framewire::service_from(
        [](framewire::bytes, framewire::outbox& replies) { (void)replies.reply("OK"); });
}

}  // namespace

int main(int count, char** words) {
    if (count < 2) return std::cerr << "usage: echo FRAMING [SERVICE|function]\n", 2;
    ::alarm(seconds_max);
    end_with_first observer;
    auto server = framewire::server::listen("127.0.0.1:0", words[1],
                                            service_of(count > 2 ? words[2] : "echo"),
                                            {.limits = all_limits, .observer = &observer});
    if (!server) return std::cerr << server.error().message() << '\n', 1;
    observer.server = std::move(*server);
    std::cout << observer.server->local().text() << std::endl;
    observer.server->run();
}
