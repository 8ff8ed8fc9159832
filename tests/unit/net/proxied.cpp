#include "eventually.hpp"
#include "framewire/net/client.hpp"
#include "masking_transport.hpp"
#include "recording_observer.hpp"
#include "running_loop.hpp"
#include "running_server.hpp"
#include "scratch_path.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::tests::proxied_tests {
namespace {

using std::chrono::milliseconds;

// Replies with where its peer is.
class names_its_peer final : public service {
public:
    void opened(const peer& who, outbox& /*replies*/) override { name_ = who.remote.text(); }
    void receive(const piece& /*message*/, outbox& replies) override {
        EXPECT_TRUE(replies.reply(name_));
    }

private:
    std::string name_;
};

const service_factory naming([] { return std::make_unique<names_its_peer>(); });

proxy_settings trusting(std::string_view range) {
    return {.trusted = {*address_range::parse(range)}};
}

std::string header(std::string_view host, int port = 51000) {
    return "PROXY TCP4 " + std::string(host) + " 127.0.0.1 " + std::to_string(port) + " 7000\r\n";
}

TEST(proxied, the_announced_address_is_the_peers) {
    const running_server serving({.proxy = trusting("127.0.0.1")}, {.service = naming});
    auto peer = serving.connect();
    peer.send(header("192.0.2.7") + digits_frame("who"));
    EXPECT_EQ(peer.receive(25), digits_frame("192.0.2.7:51000"));
}

TEST(proxied, a_header_that_announces_nobody_leaves_the_proxys_own) {
    const running_server serving({.access = {.allowed = {*address_range::parse("192.0.2.7")}},
                                  .proxy = trusting("127.0.0.1")},
                                 {.service = naming});
    auto peer = serving.connect();
    peer.send("PROXY UNKNOWN\r\n" + digits_frame("who"));
    const auto reply = digits_frame(peer.local().text());
    EXPECT_EQ(peer.receive(reply.size()), reply);
}

TEST(proxied, row_34_the_split_does_not_matter) {
    recording_observer observer;
    const running_server serving({.proxy = trusting("127.0.0.1"), .observer = &observer});
    const auto frame = digits_frame("Hello");
    const auto wire = header("192.0.2.7") + frame;
    std::uint64_t received = 0;
    for (std::size_t at = 0; at <= wire.size(); ++at) {
        auto peer = serving.connect();
        peer.send(wire.substr(0, at));
        received += at;
        ASSERT_TRUE(eventually([&] { return serving.statistics().bytes_received == received; }));
        peer.send(wire.substr(at));
        received += wire.size() - at;
        EXPECT_EQ(peer.receive(frame.size()), frame) << at;
    }
    EXPECT_EQ(observer.count("frame"), wire.size() + 1);
    EXPECT_EQ(observer.count("refused"), 0U);
}

TEST(proxied, nobody_learns_of_a_connection_before_its_header) {
    recording_observer observer;
    const running_server serving({.proxy = trusting("127.0.0.1"), .observer = &observer});
    auto peer = serving.connect();
    peer.send("PROXY TCP4 192");
    ASSERT_TRUE(eventually([&] { return serving.statistics().bytes_received == 14; }));
    peer.reset();
    EXPECT_TRUE(serving.comes_to_have_open(0));
    EXPECT_EQ(observer.lines(), std::vector<std::string>{"refused io.reset"});
}

struct refused {
    std::string_view sent;
    errc why;
};

TEST(proxied, row_34_and_35_what_is_no_header_is_refused) {
    recording_observer observer;
    const running_server serving({.proxy = trusting("127.0.0.1"), .observer = &observer});
    const std::vector<refused> all{
        {"0000000005Hello", errc::proxy_missing},
        {"\x16\x03\x01", errc::proxy_missing},
        {"GET / HTTP/1.1\r\n", errc::proxy_missing},
        {"PROXY TCP4 1.1.1.1 1.1.1.1 1 +1\r\n", errc::proxy_syntax},
        {"", errc::proxy_missing},
        {"PROXY", errc::proxy_syntax},
    };
    for (const auto& one : all) {
        const auto before = serving.failures(one.why);
        auto peer = serving.connect();
        peer.send(one.sent);
        peer.send_end();
        EXPECT_EQ(peer.receive_to_end().received, "");
        EXPECT_TRUE(serving.comes_to_count(one.why, before + 1)) << one.sent;
    }
    EXPECT_TRUE(serving.comes_to_have_open(0));
    EXPECT_EQ(observer.count("opened"), 0U);
    EXPECT_EQ(observer.count("refused"), all.size());
}

TEST(proxied, row_35_a_peer_that_is_not_trusted_is_refused_at_once) {
    const running_server serving({.proxy = trusting("192.0.2.0/24")});
    EXPECT_NE(serving.connect().receive_to_end().how, ending::silence);
    EXPECT_TRUE(serving.comes_to_count(errc::proxy_untrusted));
}

TEST(proxied, row_35_a_header_has_a_deadline) {
    recording_observer observer;
    auto proxy = trusting("127.0.0.1");
    proxy.header_deadline = milliseconds(60);
    const running_server serving({.proxy = proxy, .observer = &observer});
    auto peer = serving.connect();
    peer.send("PROXY");
    EXPECT_EQ(peer.receive_to_end().how, ending::eof);
    EXPECT_EQ(serving.failures(errc::proxy_timeout), 1U);
    peer.close();
    EXPECT_TRUE(serving.comes_to_have_open(0));
    EXPECT_EQ(observer.lines(), std::vector<std::string>{"refused proxy.timeout"});
}

TEST(proxied, announced_addresses_are_allowed_and_denied) {
    const running_server serving({.access = {.denied = {*address_range::parse("192.0.2.0/24")}},
                                  .proxy = trusting("127.0.0.1")});
    auto denied = serving.connect();
    denied.send(header("192.0.2.7") + digits_frame("Hello"));
    EXPECT_EQ(denied.receive_to_end().received, "");
    EXPECT_EQ(serving.failures(errc::limit_denied), 1U);
    auto served = serving.connect();
    served.send(header("198.51.100.7") + digits_frame("Hello"));
    EXPECT_EQ(served.receive(15), digits_frame("Hello"));
}

// It connects, says that it is nobody, and resets.
TEST(proxied, a_health_check_is_no_error) {
    recording_observer observer;
    const running_server serving({.proxy = trusting("127.0.0.1"), .observer = &observer});
    auto peer = serving.connect();
    peer.send("PROXY UNKNOWN\r\n");
    ASSERT_TRUE(eventually([&] { return observer.has("opened 1"); }));
    peer.reset();
    EXPECT_TRUE(serving.comes_to_have_open(0));
    EXPECT_EQ(observer.count("closed 1 by_peer"), 1U);
    EXPECT_EQ(serving.failures(errc::io_reset), 0U);
}

// All of them come from one proxy.
TEST(proxied, each_announced_address_has_its_own_limit) {
    const running_server serving(
        {.connections_per_address_max = 2, .proxy = trusting("127.0.0.1")});
    std::vector<raw_socket> served;
    for (const auto* const host : {"192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.2"}) {
        served.push_back(serving.connect());
        served.back().send(header(host) + digits_frame("Hello"));
        EXPECT_EQ(served.back().receive(15), digits_frame("Hello"));
    }
    auto third = serving.connect();
    third.send(header("192.0.2.1") + digits_frame("Hello"));
    EXPECT_EQ(third.receive_to_end().received, "");
    EXPECT_EQ(serving.failures(errc::limit_address), 1U);
    // Its place is free again.
    served.front().close();
    EXPECT_TRUE(serving.comes_to_have_open(3));
    auto fourth = serving.connect();
    fourth.send(header("192.0.2.1") + digits_frame("Hello"));
    EXPECT_EQ(fourth.receive(15), digits_frame("Hello"));
}

TEST(proxied, each_announced_address_has_its_own_rate) {
    const running_server serving({.proxy = trusting("127.0.0.1"), .messages_per_second_max = 1});
    for (const auto* const host : {"192.0.2.1", "192.0.2.2", "192.0.2.3"}) {
        auto peer = serving.connect();
        peer.send(header(host) + digits_frame("Hello"));
        EXPECT_EQ(peer.receive(15), digits_frame("Hello"));
    }
}

TEST(proxied, local_proxies_are_trusted_by_name) {
    const scratch_path path("proxied");
    const running_server serving({.proxy = trusting("unix")},
                                 {.service = naming, .address = "unix:" + path.text()});
    auto peer = serving.connect();
    peer.send(header("192.0.2.7") + digits_frame("who"));
    EXPECT_EQ(peer.receive(25), digits_frame("192.0.2.7:51000"));
}

TEST(proxied, a_server_that_stops_does_not_wait_for_a_header) {
    running_server serving({.proxy = trusting("127.0.0.1")});
    auto peer = serving.connect();
    peer.send("PROXY");
    ASSERT_TRUE(eventually([&] { return serving.statistics().bytes_received == 5; }));
    serving.stop();
    EXPECT_EQ(peer.receive_to_end().received, "");
    peer.close();
    EXPECT_TRUE(serving.ends_within(test_timeout));
}

TEST(proxied, a_server_that_trusts_nobody_does_not_start) {
    const auto made =
        server::listen("127.0.0.1:0", "line", service_named("echo"), {.proxy = proxy_settings()});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().message(), "no proxy is trusted");
}

TEST(proxied, a_client_announces_itself_or_another) {
    const running_server serving({.proxy = trusting("127.0.0.1")}, {.service = naming});
    const auto at = serving.local().text();
    for (const auto as : {proxy_announcement::version::v1, proxy_announcement::version::v2}) {
        auto itself = client::connect(at, "digits:10", {.proxy = proxy_announcement{as}});
        ASSERT_TRUE(itself);
        EXPECT_EQ(*itself->request("who"), itself->peer().local.text());
        const endpoint other{"2001:db8::7", 51000, endpoint::family::ipv6};
        auto for_another =
            client::connect(at, "digits:10", {.proxy = proxy_announcement{as, other}});
        ASSERT_TRUE(for_another);
        EXPECT_EQ(*for_another->request("who"), "[2001:db8::7]:51000");
    }
}

// Then the transport: the header is not part of it.
TEST(proxied, the_transport_comes_after_the_header) {
    recording_observer observer;
    const auto plan = std::make_shared<connection_plan>(*framing::parse("digits:10"), limits{},
                                                        naming, &observer);
    plan->make_transport = [] { return std::make_unique<masking_transport>(); };
    plan->admission =
        std::make_unique<admission_rules>(server_settings{.proxy = trusting("unix")});
    running_loop running;
    const auto wire = header("192.0.2.7") + masked(digits_frame("who"), false);
    const auto reply =
        std::string(masking_transport::hello) +
        masked(digits_frame("192.0.2.7:51000"), false).substr(masking_transport::hello.size());
    for (std::size_t at = 0; at <= wire.size(); at += 3) {
        auto peer = running.open(plan);
        const auto before = running.loop().counters().bytes_received.load();
        peer.send(wire.substr(0, at));
        ASSERT_TRUE(running.comes_to_receive(before + at));
        peer.send(wire.substr(at));
        EXPECT_EQ(peer.receive(reply.size()), reply) << at;
    }
}

}  // namespace
}  // namespace framewire::tests::proxied_tests
