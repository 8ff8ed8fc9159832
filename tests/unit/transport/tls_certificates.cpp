#include "tls_ends.hpp"

#include <gtest/gtest.h>
#include <fstream>
#include <string>

namespace framewire::tls_certificates_tests {
namespace {

using namespace framewire::tests;

// What both ends call the same failure.
struct outcome {
    std::string client;
    std::string server;
    bool operator==(const outcome&) const = default;
    friend std::ostream& operator<<(std::ostream& to, const outcome& one) {
        return to << "client: " << one.client << ", server: " << one.server;
    }
};

outcome outcome_of(const tls_world& world, std::string_view host = "localhost") {
    auto both = world.ends(host);
    both.exchange();
    return {both.client.name(), both.server.name()};
}

const outcome fine;
const outcome unknown{"tls.certificate_unknown", "tls.certificate_unknown"};

std::string words_of(const tls_world& world, std::string_view host = "localhost") {
    auto both = world.ends(host);
    both.exchange();
    return both.client.failure;
}

TEST(tls_certificates, are_verified_by_a_client) {
    tls_world world;
    EXPECT_EQ(outcome_of(world), fine);
    const test_ca other("another CA");
    world.client.ca_file = other.file();
    EXPECT_EQ(outcome_of(world), unknown);
    EXPECT_EQ(
        words_of(world),
        "tls.certificate_unknown: the certificate of CN=server, issued by CN=test CA, is not "
        "trusted: unable to get local issuer certificate");
    world.client.ca_file = {};
    EXPECT_EQ(outcome_of(world), unknown) << "nor does the system trust it";
    world.client.insecure = true;
    EXPECT_EQ(outcome_of(world), fine);
    EXPECT_EQ(outcome_of(world, "elsewhere"), fine);
    EXPECT_EQ(outcome_of(world, ""), fine);
}

TEST(tls_certificates, may_be_trusted_themselves) {
    tls_world world;
    world.client.ca_file = world.server.certificates.front().chain_file;
    EXPECT_EQ(outcome_of(world), fine);
}

TEST(tls_certificates, are_valid_for_a_time) {
    tls_world world;
    world.server.certificates = {world.ca.issue({.from_day = -3, .to_day = -1})};
    EXPECT_EQ(outcome_of(world), (outcome{"tls.certificate_expired", "tls.certificate_expired"}));
    EXPECT_TRUE(words_of(world).starts_with(
        "tls.certificate_expired: the certificate of CN=server was valid until "));
    world.server.certificates = {world.ca.issue({.from_day = 1, .to_day = 2})};
    EXPECT_EQ(outcome_of(world).client, "tls.certificate_expired");
    EXPECT_TRUE(words_of(world).starts_with(
        "tls.certificate_expired: the certificate of CN=server is valid from "));
}

TEST(tls_certificates, are_for_names_and_addresses) {
    tls_world world;
    world.server.certificates = {
        world.ca.issue({.names = {"a.example", "*.b.example", "IP:127.0.0.1", "IP:::1"}})};
    for (const auto* const name :
         {"a.example", "A.EXAMPLE", "a.example.", "x.b.example", "127.0.0.1", "::1", "::1%lo"}) {
        EXPECT_EQ(outcome_of(world, name), fine) << name;
    }
    for (const auto* const name :
         {"b.example", "x.y.b.example", "example", "127.0.0.2", "::2", "localhost"}) {
        EXPECT_EQ(outcome_of(world, name).client, "tls.name_mismatch") << name;
    }
    EXPECT_EQ(words_of(world, "c.example"),
              "tls.name_mismatch: the certificate of CN=server is for DNS:a.example, "
              "DNS:*.b.example, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1");
    world.client.name = "a.example";
    EXPECT_EQ(outcome_of(world, "127.0.0.2"), fine) << "a name in the settings comes first";
}

TEST(tls_certificates, of_clients_are_required_and_known) {
    tls_world world;
    world.server.client_ca_file = world.ca.file();
    for (const auto version : {tls_version::v1_3, tls_version::v1_2}) {
        world.server.version_min = version;
        EXPECT_EQ(outcome_of(world).server, "tls.certificate_required");
    }
    auto late = world.ends();
    late.exchange();
    EXPECT_TRUE(late.client.line->established()) << "a client of TLS 1.3 learns it afterwards";
    EXPECT_EQ(late.client.failure,
              "tls.certificate_required: the peer ended it with the alert 'certificate required'");
    world.client.certificate = world.ca.issue({.subject = "alice", .names = {}});
    auto both = world.ends();
    both.exchange();
    ASSERT_TRUE(both.server.line->established()) << both.server.failure;
    EXPECT_EQ(both.server.line->identity().tls->subject, "CN=alice");
    world.client.certificate = world.ca.issue({.from_day = -3, .to_day = -1});
    EXPECT_EQ(outcome_of(world), (outcome{"tls.certificate_expired", "tls.certificate_expired"}));
    test_ca other("another CA");
    world.client.certificate = other.issue({.subject = "mallory"});
    EXPECT_EQ(outcome_of(world), unknown);
}

TEST(tls_certificates, of_clients_survive_in_a_ticket) {
    tls_world world;
    world.server.client_ca_file = world.ca.file();
    world.client.certificate = world.ca.issue({.subject = "alice"});
    const auto client = unwrap(tls_client_transports(world.client, "localhost"));
    const auto server = unwrap(tls_server_transports::load(world.server));
    for (const bool resumed : {false, true}) {
        tls_ends both{{client()}, {server.make()}};
        both.exchange();
        ASSERT_TRUE(both.server.line->established()) << both.server.failure;
        EXPECT_EQ(both.server.line->identity().tls->resumed, resumed);
        EXPECT_EQ(both.server.line->identity().tls->subject, "CN=alice");
    }
}

// A subject is printed in logs and consoles.
TEST(tls_certificates, have_subjects_without_control_characters) {
    tls_world world;
    world.server.client_ca_file = world.ca.file();
    world.client.certificate =
        world.ca.issue({.subject = "a\nb\x1b[31m,ü\xE2\x80\xAE", .names = {}});
    auto both = world.ends();
    both.exchange();
    ASSERT_TRUE(both.server.line->established()) << both.server.failure;
    EXPECT_EQ(both.server.line->identity().tls->subject,
              "CN=a\\0Ab\\1B[31m\\,\\C3\\BC\\E2\\80\\AE");
}

TEST(tls_certificates, are_chosen_by_the_name_that_is_asked_for) {
    tls_world world;
    world.server.certificates = {
        world.ca.issue({.subject = "first", .names = {"a.example"}}),
        world.ca.issue({.subject = "second", .names = {"b.example", "*.c.example"}}),
        world.ca.issue({.subject = "third", .names = {"x.c.example"}})};
    const auto shown_for = [&](std::string_view host) {
        auto both = world.ends(host);
        both.exchange();
        return both.client.failure.empty() ? both.client.line->identity().tls->subject
                                           : both.client.name();
    };
    EXPECT_EQ(shown_for("a.example"), "CN=first");
    EXPECT_EQ(shown_for("b.example"), "CN=second");
    EXPECT_EQ(shown_for("y.c.example"), "CN=second");
    EXPECT_EQ(shown_for("d.example"), "tls.name_mismatch") << "it gets the first";
    world.client.insecure = true;
    EXPECT_EQ(shown_for("d.example"), "CN=first");
    EXPECT_EQ(shown_for("127.0.0.1"), "CN=first") << "nothing is asked for";
}

TEST(tls_certificates, are_read_again) {
    tls_world world;
    const auto files = world.server.certificates.front();
    const auto servers = unwrap(tls_server_transports::load(world.server));
    const auto client = unwrap(tls_client_transports(world.client, "localhost"));
    const auto shown = [&] {
        tls_ends both{{client()}, {servers.make()}};
        both.exchange();
        return both.client.line->identity().tls->subject;
    };
    tls_ends open{{client()}, {servers.make()}};
    open.exchange();
    world.ca.issue({.subject = "renewed"}, files);
    EXPECT_EQ(shown(), "CN=server") << "not before it is said";
    ASSERT_TRUE(servers.reload());
    EXPECT_EQ(shown(), "CN=renewed");
    std::ofstream(files.chain_file) << "nonsense";
    const auto refused = servers.reload();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().words,
              "cannot use certificate " + files.chain_file + ": no start line");
    EXPECT_EQ(shown(), "CN=renewed") << "the old one stays";
    open.client.send("Hello");
    open.exchange();
    EXPECT_EQ(open.server.stream, "Hello") << "what is open continues";
}

TEST(tls_certificates, that_cannot_be_used_are_named) {
    tls_world world;
    const auto words = [&] {
        const auto made = tls_server_transports::load(world.server);
        return made ? std::string("it could") : made.error().words;
    };
    const auto good = world.server.certificates.front();
    world.server.certificates = {};
    EXPECT_EQ(words(), "a server needs a certificate for TLS");
    world.server.certificates = {{"/nowhere/c.pem", good.key_file}};
    EXPECT_EQ(words(), "cannot use certificate /nowhere/c.pem: no such file or directory");
    world.server.certificates = {{good.chain_file, "/nowhere/k.pem"}};
    EXPECT_EQ(words(), "cannot use key /nowhere/k.pem: no such file or directory");
    world.server.certificates = {{good.chain_file, good.chain_file}};
    EXPECT_TRUE(words().starts_with("cannot use key " + good.chain_file + ": ")) << words();
    const auto other = world.ca.issue();
    world.server.certificates = {{good.chain_file, other.key_file}};
    EXPECT_EQ(words(),
              "cannot use key " + other.key_file + ": it is not that of " + good.chain_file);
    world.server.certificates = {good, {good.chain_file, other.key_file}};
    EXPECT_NE(words(), "it could") << "each is checked";
    world.server.certificates = {good};
    world.server.client_ca_file = "/nowhere/ca.pem";
    EXPECT_EQ(words(), "cannot use client CA /nowhere/ca.pem: no such file or directory");
    world.server.client_ca_file = {};
    world.server.keylog_file = "/nowhere/keys";
    EXPECT_EQ(words(), "cannot write keys to /nowhere/keys: no such file or directory");
    world.server.keylog_file = {};
    world.server.protocols = {""};
    EXPECT_EQ(words(), "cannot offer protocol '': a name has 1 to 255 bytes");
}

TEST(tls_certificates, of_nobody_cannot_be_verified) {
    tls_world world;
    const auto words = [&](std::string_view host) {
        const auto made = tls_client_transports(world.client, host);
        return made ? std::string("it could") : made.error().words;
    };
    EXPECT_EQ(words(""), "no name is known that the server's certificate must have");
    EXPECT_EQ(words(std::string(300, 'a')),
              "no name is known that the server's certificate must have");
    world.client.ca_file = "/nowhere/ca.pem";
    EXPECT_EQ(words("localhost"), "cannot use CA /nowhere/ca.pem: no such file or directory");
}

TEST(tls_certificates, keys_of_connections_are_logged_if_wanted) {
    tls_world world;
    world.server.keylog_file = world.ca.path("keys");
    (void)world.talking();
    std::ifstream file(world.server.keylog_file);
    const std::string all(std::istreambuf_iterator<char>(file), {});
    for (const auto* const label :
         {"CLIENT_HANDSHAKE_TRAFFIC_SECRET ", "SERVER_TRAFFIC_SECRET_0 "}) {
        EXPECT_NE(all.find(label), std::string::npos) << all;
    }
    EXPECT_EQ(all.back(), '\n');
}

}  // namespace
}  // namespace framewire::tls_certificates_tests
