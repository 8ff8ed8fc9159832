#include <framewire/net/client.hpp>
#include <iostream>
int main() {
    auto client = framewire::client::connect("127.0.0.1:7000", "digits:10");
    if (!client) return std::cerr << client.error().message() << '\n', 1;
    auto reply = client->request("Hello");
    std::cout << (reply ? *reply : reply.error().message()) << '\n';
}
