#include <framewire/net/server.hpp>
#include <iostream>

int main() {
    auto server = framewire::server::listen(
        "127.0.0.1:7000", "digits:10",
        [](framewire::bytes message, framewire::outbox& replies) { replies.reply(message); });
    if (!server) return std::cerr << server.error().message() << '\n', 1;
    server->run();
}
