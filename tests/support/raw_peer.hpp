#pragma once

#include "raw_socket.hpp"

#include <functional>
#include <future>
#include <string>
#include <utility>

namespace framewire::tests {

/// Accepts one connection in a thread of its own, calls a function with it, then closes it.
class raw_peer {
public:
    explicit raw_peer(std::function<void(raw_socket&)> talk) : listener_(endpoint::family::ipv4) {
        listener_.listen();
        end_ = std::async(std::launch::async, [this, talk = std::move(talk)] {
            auto one = listener_.accept();
            talk(one);
        });
    }

    [[nodiscard]] endpoint local() const { return listener_.local(); }
    [[nodiscard]] std::string where() const { return local().text(); }
    /// Waits for the thread; throws what it threw.
    void finish() { end_.get(); }

private:
    raw_socket listener_;
    std::future<void> end_;
};

/// Sends everything back, and reads nothing while the peer does not accept it.
inline void echo_everything(raw_socket& one) {
    for (auto part = one.receive_some(); !part.empty(); part = one.receive_some()) one.send(part);
}

}  // namespace framewire::tests
