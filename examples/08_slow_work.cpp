// Replies that take half a second each, from four threads: the server stays responsive, and the
// replies to each peer keep the order of its messages.
#include <chrono>
#include <framewire/net/server.hpp>
#include <framewire/service/worker_pool.hpp>
#include <iostream>
#include <thread>

std::string slowly(framewire::bytes message) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    return "done: " + std::string(message);
}

int main() {
    framewire::worker_pool pool(4);
    auto server = framewire::server::listen("127.0.0.1:7000", "digits:10", offload(pool, slowly));
    if (!server) return std::cerr << server.error().message() << '\n', 1;
    server->run();
}
