// A chat: each message from one peer is sent to all others.
#include <framewire/net/server.hpp>
#include <framewire/service/room.hpp>
#include <iostream>

struct guest final : framewire::service {
    explicit guest(framewire::room everyone) : chat(std::move(everyone)) {}
    void opened(const framewire::peer&, framewire::outbox& replies) override {
        chat.join(self = replies.handle());
    }
    void receive(const framewire::piece& message, framewire::outbox&) override {
        chat.send(self.who().remote.text() + ": " + std::string(message.payload), self);
    }

    framewire::room chat;
    framewire::peer_handle self;
};

int main() {
    auto server = framewire::server::listen("127.0.0.1:7000", "line", [chat = framewire::room()] {
        return std::make_unique<guest>(chat);
    });
    if (!server) return std::cerr << server.error().message() << '\n', 1;
    server->run();
}
