#include "framewire/net/client.hpp"
#include "net/loop_handshakes.hpp"
#include "recording_observer.hpp"
#include "running_server.hpp"
#include "tls_socket.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace framewire::tests::tls_tests {
namespace {

using std::chrono::milliseconds;

// Servers and clients of one CA; the client's address is an IP address.
class secure_world {
public:
    secure_world() {
        const auto files = ca.issue({.names = {"IP:127.0.0.1", "localhost"}});
        server.tls = tls_server_settings{.certificates = {files}};
        server.observer = &observer;
        client.tls = tls_client_settings{.ca_file = ca.file()};
    }

    [[nodiscard]] result<framewire::client> connect(const running_server& to) const {
        return framewire::client::connect(to.local().text(), "digits:10", client);
    }
    [[nodiscard]] tls_socket open(const running_server& to) const {
        return {to.connect(), {unwrap(tls_client_transports(*client.tls, "localhost"))()}};
    }
    // What happened, without batches and bytes, which depend on timing.
    [[nodiscard]] std::vector<std::string> seen() const {
        auto all = observer.lines();
        std::erase_if(all, [](const std::string& line) {
            return line == "turn" || line.starts_with("bytes") || line.starts_with("sent");
        });
        return all;
    }

    test_ca ca;
    recording_observer observer;
    server_settings server;
    client_settings client;
};

using lines = std::vector<std::string>;

TEST(tls, a_server_and_a_client_converse) {
    secure_world world;
    const running_server server(world.server);
    auto client = world.connect(server);
    ASSERT_TRUE(client) << client.error().words;
    ASSERT_TRUE(client->peer().tls);
    EXPECT_EQ(client->peer().tls->subject, "CN=server");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(client->request("Hello").value(), "Hello");
    const std::string large(3 * MiB, 'x');
    EXPECT_TRUE(client->request(large).value() == large);
    EXPECT_EQ(server.statistics().handshakes, 1U);
}

TEST(tls, many_frames_of_a_record_are_answered_with_one) {
    secure_world world;
    const running_server server(world.server);
    auto client = world.open(server);
    client.shake_hands();
    std::string all;
    for (int i = 0; i < 500; ++i) all += digits_frame("Hello");
    client.send(digits_frame("Hello"));
    EXPECT_EQ(client.receive(15), digits_frame("Hello")) << "the ticket comes first";
    const auto before = client.received_bytes;
    client.send(all);
    EXPECT_EQ(client.receive(all.size()), all);
    EXPECT_EQ(client.received_bytes - before, all.size() + 22) << "one record";
    client.close();
    (void)client.receive(1);
    EXPECT_TRUE(client.end.line->peer_finished()) << "it says goodbye, too";
}

TEST(tls, a_client_is_known_to_services_and_observers) {
    secure_world world;
    world.server.tls->client_ca_file = world.ca.file();
    world.client.tls->certificate = world.ca.issue({.subject = "alice"});
    std::mutex mutex;
    std::string seen;
    const auto service = service_factory([&](const peer& who) {
        const std::lock_guard lock(mutex);
        seen = who.tls ? who.tls->subject : "nobody";
        return service_named("echo")(who);
    });
    const running_server server(world.server, {.service = service});
    auto client = world.connect(server);
    ASSERT_TRUE(client) << client.error().words;
    EXPECT_EQ(client->request("Hello").value(), "Hello");
    const std::lock_guard lock(mutex);
    EXPECT_EQ(seen, "CN=alice");
}

// A client of TLS 1.3 is established before the server has read its certificate, or none.
TEST(tls, a_client_without_a_certificate_learns_it_from_its_first_request) {
    secure_world world;
    world.server.tls->client_ca_file = world.ca.file();
    const running_server server(world.server);
    auto client = world.connect(server);
    const auto why = client ? client->request("Hello").error().message() : client.error().words;
    EXPECT_NE(why.find("tls.certificate_required"), std::string::npos) << why;
    EXPECT_TRUE(server.comes_to_count(errc::tls_certificate_required));
    EXPECT_EQ(world.seen(), (lines{"refused tls.certificate_required"}));
}

TEST(tls, a_server_that_is_not_trusted_gets_nothing) {
    secure_world world;
    const running_server server(world.server);
    const test_ca other("another CA");
    world.client.tls->ca_file = other.file();
    const auto client = world.connect(server);
    ASSERT_FALSE(client);
    EXPECT_NE(client.error().words.find(
                  ": tls.certificate_unknown: the certificate of CN=server, issued by CN=test CA"),
              std::string::npos)
        << client.error().words;
    EXPECT_TRUE(server.comes_to_count(errc::tls_certificate_unknown));
    EXPECT_EQ(server.statistics().handshakes, 0U);
}

TEST(tls, a_client_does_not_connect_to_plaintext) {
    secure_world world;
    world.server.tls = {};
    const running_server server(world.server);
    const auto client = world.connect(server);
    ASSERT_FALSE(client);
    EXPECT_NE(client.error().words.find(": tls."), std::string::npos) << client.error().words;
    EXPECT_TRUE(server.comes_to_have_open(0));
}

TEST(tls, plaintext_is_refused_with_an_alert) {
    secure_world world;
    const running_server server(world.server);
    auto plain = server.connect();
    plain.send(digits_frame("Hello"));
    EXPECT_EQ(plain.receive_to_end().received, std::string("\x15\x03\x01\0\x02\x02\x0A", 7));
    plain.close();
    EXPECT_TRUE(server.comes_to_have_open(0));
    EXPECT_EQ(world.seen(), (lines{"refused tls.plaintext"}));
    EXPECT_EQ(server.failures(errc::tls_plaintext), 1U);
}

TEST(tls, an_end_without_close_notify_is_an_error_inside_a_frame) {
    secure_world world;
    const running_server server(world.server);
    for (const bool inside : {false, true}) {
        auto client = world.open(server);
        client.shake_hands();
        const auto frame = digits_frame("Hello");
        client.send(inside ? frame + frame.substr(0, 3) : frame);
        EXPECT_EQ(client.receive(frame.size()), frame) << "what was complete is answered";
        client.socket.close();
        ASSERT_TRUE(server.comes_to_have_open(0));
        EXPECT_EQ(server.failures(errc::tls_truncated), inside ? 1U : 0U);
        EXPECT_EQ(server.failures(errc::frame_truncated), 0U);
    }
    EXPECT_EQ(world.seen().back(), "closed 2 tls.truncated");
}

TEST(tls, a_handshake_has_a_deadline) {
    secure_world world;
    world.server.tls->handshake_deadline = milliseconds(60);
    const running_server server(world.server);
    auto silent = server.connect();
    EXPECT_EQ(silent.receive_to_end().received, "");
    auto half = server.connect();
    half.send("\x16\x03\x01");
    EXPECT_EQ(half.receive_to_end().received, "");
    EXPECT_EQ(server.failures(errc::tls_timeout), 2U);
}

TEST(tls, a_server_that_does_not_answer_is_given_up) {
    secure_world world;
    world.client.tls->handshake_deadline = milliseconds(60);
    raw_socket silent(endpoint::family::ipv4);
    silent.listen();
    const auto client =
        framewire::client::connect(silent.local().text(), "digits:10", world.client);
    ASSERT_FALSE(client);
    EXPECT_NE(client.error().words.find("tls.timeout"), std::string::npos) << client.error().words;
}

TEST(tls, the_oldest_handshake_makes_room) {
    secure_world world;
    world.server.tls->handshakes_max = 4;
    const running_server server(world.server);
    std::vector<raw_socket> half_open;
    for (int i = 0; i < 10; ++i) {
        half_open.push_back(server.connect());
        half_open.back().send("\x16");
    }
    EXPECT_TRUE(server.comes_to_count(errc::limit_handshakes, 6));
    EXPECT_EQ(half_open.front().receive_to_end().how, ending::reset);
    auto client = world.connect(server);
    ASSERT_TRUE(client) << client.error().words;
    EXPECT_EQ(client->request("Hello").value(), "Hello");
    EXPECT_EQ(server.failures(errc::limit_handshakes), 7U);
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(world.connect(server)) << "they end theirs";
}

TEST(tls, handshakes_above_the_rate_wait) {
    secure_world world;
    world.server.tls->handshakes_per_second_max = 20;
    const running_server server(world.server);
    for (int i = 0; i < 23; ++i) {
        auto client = world.connect(server);
        ASSERT_TRUE(client) << client.error().words;
        EXPECT_EQ(client->request("Hello").value(), "Hello");
    }
}

TEST(tls, only_so_many_handshakes_cost_time_in_a_second) {
    loop_handshakes handshakes;
    auto now = time_point(std::chrono::seconds(100));
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(handshakes.admits(3, now)) << "none has cost any";
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(handshakes.admits(3, now));
        handshakes.note_cost(now);
    }
    EXPECT_FALSE(handshakes.admits(3, now));
    now = handshakes.next();
    EXPECT_TRUE(handshakes.admits(3, now));
    handshakes.note_cost(now);
    EXPECT_FALSE(handshakes.admits(3, now));
    EXPECT_TRUE(handshakes.admits(0, now)) << "no limit";
}

TEST(tls, certificates_are_read_again_while_connections_are_open) {
    secure_world world;
    const auto files = world.server.tls->certificates.front();
    auto listening =
        server::listen("127.0.0.1:0", "digits:10", service_named("echo"), world.server);
    ASSERT_TRUE(listening);
    std::thread runs([&] { (void)listening->run(); });
    const auto address = listening->local().text();
    auto before = client::connect(address, "digits:10", world.client);
    ASSERT_TRUE(before) << before.error().words;
    world.ca.issue({.subject = "renewed", .names = {"IP:127.0.0.1"}}, files);
    EXPECT_TRUE(listening->reload_tls());
    auto after = client::connect(address, "digits:10", world.client);
    ASSERT_TRUE(after) << after.error().words;
    EXPECT_EQ(after->peer().tls->subject, "CN=renewed");
    EXPECT_EQ(before->request("Hello").value(), "Hello");
    listening->stop();
    listening->stop();
    runs.join();
}

TEST(tls, a_bad_certificate_prevents_listening) {
    secure_world world;
    world.server.tls->certificates = {{"/nowhere/c.pem", "/nowhere/k.pem"}};
    const auto made =
        server::listen("127.0.0.1:0", "digits:10", service_named("echo"), world.server);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().words,
              "cannot use certificate /nowhere/c.pem: no such file or directory");
}

TEST(tls, a_client_reconnects_with_a_ticket) {
    secure_world world;
    world.client.reconnect.attempts_max = 5;
    world.client.reconnect.first = milliseconds(1);
    std::atomic<int> resumed{0};
    const auto service = service_factory([&](const peer& who) {
        if (who.tls->resumed) ++resumed;
        return service_named("reply:bye,close")(who);
    });
    const running_server server(world.server, {.service = service});
    auto client = world.connect(server);
    ASSERT_TRUE(client) << client.error().words;
    EXPECT_TRUE(client->request("one"));
    EXPECT_TRUE(eventually([&] { return client->request("two").has_value(); }));
    EXPECT_GE(resumed, 1);
}

TEST(tls, what_a_connection_holds_counts) {
    secure_world world;
    const running_server server(world.server);
    auto client = world.open(server);
    client.shake_hands();
    client.send(digits_frame("Hello"));
    EXPECT_EQ(client.receive(15), digits_frame("Hello"));
    EXPECT_TRUE(eventually([&] {
        const auto held = server.statistics().memory_held;
        return held > 14 * KiB && held < 24 * KiB;
    })) << "and no buffer";
}

}  // namespace
}  // namespace framewire::tests::tls_tests
