// A service with state: each connection has its own object, which numbers the messages that it
// receives.
#include <framewire/net/server.hpp>
#include <iostream>
#include <memory>
#include <string>

class numbered_echo final : public framewire::service {
public:
    void receive(const framewire::piece& message, framewire::outbox& replies) override {
        if (message.payload == "stop") {
            replies.reply("You sent " + std::to_string(count_) + " messages.");
            return replies.close();
        }
        replies.reply(std::to_string(++count_) + ": " + std::string(message.payload));
    }

private:
    int count_ = 0;
};

int main() {
    framewire::server_settings settings;
    settings.threads = 2;
    settings.limits.idle_deadline = std::chrono::minutes(5);
    auto server = framewire::server::listen(
        "127.0.0.1:7000", "digits:10", [] { return std::make_unique<numbered_echo>(); }, settings);
    if (!server) return std::cerr << server.error().message() << '\n', 1;
    server->run();
}
