// A server that stops on SIGTERM and SIGINT without losing anything: it first replies to what it
// has received.
#include <framewire/net/server.hpp>
#include <iostream>

int main() {
    framewire::server_settings settings;
    settings.drain = std::chrono::seconds(3);
    auto server = framewire::server::listen(
        "127.0.0.1:7000", "digits:10",
        [](framewire::bytes message, framewire::outbox& replies) { replies.reply(message); },
        settings);
    if (!server) return std::cerr << server.error().message() << '\n', 1;
    server->stop_on_signals();
    std::cout << "Listening on " << server->local().text() << ", stop me with Ctrl-C" << std::endl;
    server->run();
    const auto done = server->statistics();
    std::cout << done.frames << " messages on " << done.accepted << " connections\n";
}
