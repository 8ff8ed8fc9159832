#include "eventually.hpp"
#include "running_server.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <mutex>
#include <string>
#include <vector>

namespace framewire::tests::accepted_sockets_tests {
namespace {

// Where the peers of closed connections were.
class closed_peers final : public observer {
public:
    void on(const peer& who, const occurrence& what) override {
        if (!std::holds_alternative<occurred::closed>(what)) return;
        const std::lock_guard lock(mutex_);
        all_.push_back(who.remote.text());
    }
    [[nodiscard]] std::vector<std::string> all() const {
        const std::lock_guard lock(mutex_);
        return all_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> all_;
};

// The system has forgotten the address of a peer that reset its connection before it is accepted.
TEST(accepted_sockets, a_peer_that_resets_at_once_is_known_by_its_address) {
    gate called;
    gate go_on;
    closed_peers observer;
    const running_server serving({.observer = &observer},
                                 {.service = service_from([&](bytes payload, outbox& replies) {
                                      called.open();
                                      go_on.pass();
                                      (void)replies.reply(payload);
                                  })});
    auto first = serving.connect();
    first.send(digits_frame("first"));
    called.pass();
    std::vector<std::string> addresses;
    for (int i = 0; i < 3; ++i) {
        auto one = serving.connect();
        addresses.push_back(one.local().text());
        one.reset();
    }
    go_on.open();
    ASSERT_TRUE(eventually([&] { return observer.all().size() == addresses.size(); }));
    EXPECT_EQ(observer.all(), addresses);
}

}  // namespace
}  // namespace framewire::tests::accepted_sockets_tests
