#include <framewire/asio/listener.hpp>
#include <framewire/asio/run.hpp>
#include <iostream>
framewire::stream::awaitable<void> echo(framewire::stream peer) {
    while (auto message = co_await peer.receive()) co_await peer.send(*message);
}
int main() {
    boost::asio::io_context loop;
    auto server = framewire::listener::listen(loop.get_executor(), "127.0.0.1:7000", "digits:10");
    if (!server) return std::cerr << server.error().message() << '\n', 1;
    framewire::run(loop, server->serve(echo));
}
