#include <framewire/asio/run.hpp>
#include <framewire/asio/stream.hpp>
#include <iostream>
framewire::stream::awaitable<void> talk() {
    auto server = co_await framewire::stream::connect("127.0.0.1:7000", "digits:10");
    if (server) std::cout << (co_await server->request("Hello")).value_or("no reply") << '\n';
}
int main() { framewire::run(talk()); }
