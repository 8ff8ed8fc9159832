// A long-lived client: it sends several requests at once, and matches replies by the number that
// each message begins with. If the server goes away, it reconnects.
#include <framewire/net/client.hpp>
#include <iostream>
#include <vector>

int main() {
    framewire::client_settings settings;
    settings.id = [](framewire::bytes message) {
        return std::string(message.substr(0, message.find(' ')));
    };
    settings.timeout = std::chrono::seconds(2);
    settings.reconnect.attempts_max = 10;
    auto client = framewire::client::connect("127.0.0.1:7000", "digits:10", settings);
    if (!client) return std::cerr << client.error().message() << '\n', 1;

    std::vector<std::future<framewire::client::reply>> replies;
    for (const auto* question : {"1 Hello", "2 How are you?", "3 Goodbye"}) {
        replies.push_back(client->request_later(question));
    }
    for (auto& later : replies) {
        const auto reply = later.get();
        std::cout << (reply ? *reply : reply.error().message()) << '\n';
    }
}
