#include "tls_ends.hpp"
#include "transport/tls_opening.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <memory>
#include <string>
#include <vector>

// What peers send that is not TLS as we speak it.
namespace framewire::tls_refusals_tests {
namespace {

using namespace framewire::tests;

const tls_world& plain_world() {
    static const tls_world one;
    return one;
}

// The server's end after these bytes, in one piece.
tls_end after(bytes wire) {
    tls_end one{unwrap(tls_server_transports::load(plain_world().server)).make()};
    one.receive(wire);
    return one;
}

std::string record(unsigned char type, std::string_view body, unsigned char minor = 1) {
    std::string out{static_cast<char>(type), 3, static_cast<char>(minor),
                    static_cast<char>(body.size() >> 8U), static_cast<char>(body.size())};
    return out += body;
}

TEST(tls_refusals, plaintext_is_named) {
    EXPECT_EQ(after("0000000005Hello").failure, R"(tls.plaintext: "0000000005Hello" is not TLS)");
    EXPECT_EQ(after("GET / HTTP/1.1\r\nHost: x\r\n\r\n").failure,
              R"(tls.plaintext: "GET / HTTP/1.1\r\n"... is not TLS, it looks like HTTP)");
    EXPECT_EQ(after(std::string("\0\0\0\5Hello", 9)).name(), "tls.plaintext");
    EXPECT_EQ(after("\x16").failure, "") << "it may still be TLS";
    EXPECT_EQ(after("\x16\x04").name(), "tls.plaintext");
    EXPECT_EQ(after("\x80\x2e\x01\x03\x01").name(), "tls.plaintext") << "SSL 2";
    EXPECT_EQ(after(record(0x15, "\x02\x28")).name(), "tls.plaintext") << "an alert first";
}

TEST(tls_refusals, plaintext_gets_an_alert_and_no_more) {
    auto one = after("plain text");
    EXPECT_EQ(one.take_output(), tls_opening::alert);
    one.receive("more");
    one.receive_eof();
    EXPECT_EQ(one.take_output(), "");
    EXPECT_EQ(one.stream, "");
}

TEST(tls_refusals, a_server_in_plaintext_is_named) {
    auto both = plain_world().ends();
    both.client.receive("220 ready\r\n");
    EXPECT_EQ(both.client.failure, R"(tls.plaintext: "220 ready\r\n" is not TLS)");
    both = plain_world().ends();
    both.client.receive(record(0x15, "\x02\x28"));
    EXPECT_EQ(both.client.failure,
              "tls.handshake: the peer ended it with the alert 'handshake failure'");
}

TEST(tls_refusals, a_client_hello_of_megabytes) {
    EXPECT_EQ(after(std::string("\x16\x03\x01\x40\x00\x01\xFF\xFF\xFF", 9)).failure,
              "tls.handshake: the ClientHello has 16777215 bytes, and at most 16384 are allowed");
    EXPECT_EQ(after(std::string("\x16\x03\x01\x40\x00\x01\x00\x40\x00", 9)).failure, "");
    tls_end one{unwrap(tls_server_transports::load(plain_world().server)).make()};
    for (const char byte : std::string("\x16\x03\x01\x40\x00\x01\x00\x40\x01", 9)) {
        EXPECT_EQ(one.failure, "");
        one.receive(bytes(&byte, 1));
    }
    EXPECT_EQ(one.name(), "tls.handshake");
}

TEST(tls_refusals, records_that_no_handshake_has) {
    const std::string hello = plain_world().ends().client.take_output();
    const std::vector<std::pair<const char*, std::string>> broken{
        {"a record of another type", record(0x16, "\x01") + record(0x17, "data")},
        {"a record too large", std::string("\x16\x03\x01\xFF\xFF\x01\x00\x00\x00", 9)},
        {"a message that is not a ClientHello", record(0x16, std::string("\x02\0\0\0", 4))},
        {"a ClientHello of nothing", record(0x16, std::string("\x01\0\0\0", 4))},
        {"a second ClientHello", hello + hello},
        {"noise after the ClientHello", hello + "noise"},
        {"data before the end", hello + record(0x17, "early data", 3)},
        {"a change of ciphers first", record(0x14, "\x01")},
    };
    for (const auto& [what, wire] : broken) {
        const auto whole = after(wire);
        EXPECT_TRUE(whole.name() == "tls.handshake" || whole.name() == "tls.plaintext")
            << what << ": " << whole.failure;
        EXPECT_EQ(whole.stream, "");
        tls_end piecewise{unwrap(tls_server_transports::load(plain_world().server)).make()};
        tls_ends::deliver(wire, piecewise, 1);
        EXPECT_EQ(piecewise.name(), whole.name()) << what;
    }
}

// Each byte of a ClientHello changed: it ends with an error or goes on, in bounded output.
TEST(tls_refusals, a_client_hello_with_any_byte_changed) {
    const std::string hello = plain_world().ends().client.take_output();
    for (std::size_t at = 0; at < hello.size(); ++at) {
        auto changed = hello;
        changed[at] = static_cast<char>(~changed[at]);
        auto one = after(changed);
        EXPECT_FALSE(one.line->established());
        EXPECT_LT(one.take_output().size(), 4096U) << at;
    }
}

TEST(tls_refusals, empty_records_without_end) {
    auto both = plain_world().talking();
    std::string empty;
    for (int i = 0; i < 100; ++i) empty += record(0x17, "", 3);
    both.server.receive(empty);
    EXPECT_EQ(both.server.name(), "tls.record");
    std::string early;
    for (int i = 0; i < 100; ++i) early += record(0x16, "", 3);
    EXPECT_EQ(after(early).name(), "tls.handshake");
}

TEST(tls_refusals, close_notify_right_after_the_client_hello) {
    auto both = plain_world().ends();
    both.server.receive(both.client.take_output() + record(0x15, std::string("\x01\0", 2), 3));
    both.server.receive_eof();
    EXPECT_FALSE(both.server.line->established());
    EXPECT_EQ(both.server.name(), "tls.handshake");
}

// OpenSSL as somebody else configures it.
class foreign_client {
public:
    explicit foreign_client(void (*configure)(SSL*)) : shared_(SSL_CTX_new(TLS_client_method())) {
        SSL_CTX_set_security_level(shared_, 0);
        one_ = SSL_new(shared_);
        SSL_set_bio(one_, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(one_);
        configure(one_);
    }
    foreign_client(const foreign_client&) = delete;
    foreign_client& operator=(const foreign_client&) = delete;
    ~foreign_client() {
        SSL_free(one_);
        SSL_CTX_free(shared_);
    }
    [[nodiscard]] SSL* get() const { return one_; }
    [[nodiscard]] std::string take_output() const {
        char* text = nullptr;
        const auto size = BIO_get_mem_data(SSL_get_wbio(one_), &text);
        std::string out(text, static_cast<std::size_t>(size));
        (void)BIO_reset(SSL_get_wbio(one_));
        return out;
    }
    void talk_to(tls_end& server) const {
        for (int i = 0; i < 10; ++i) {
            (void)SSL_do_handshake(one_);
            server.receive(take_output());
            const auto back = server.take_output();
            BIO_write(SSL_get_rbio(one_), back.data(), static_cast<int>(back.size()));
        }
    }

private:
    SSL_CTX* shared_;
    SSL* one_ = nullptr;
};

std::string failure_with(void (*configure)(SSL*)) {
    const foreign_client client(configure);
    tls_end server{unwrap(tls_server_transports::load(plain_world().server)).make()};
    client.talk_to(server);
    return server.failure;
}

TEST(tls_refusals, old_versions_and_ciphers) {
    EXPECT_EQ(failure_with([](SSL* one) { SSL_set_max_proto_version(one, TLS1_1_VERSION); }),
              "tls.handshake: unsupported protocol");
    EXPECT_EQ(failure_with([](SSL* one) { SSL_set_max_proto_version(one, TLS1_2_VERSION); }), "");
    for (const auto* const weak : {"ECDHE-ECDSA-AES128-SHA256", "AES128-GCM-SHA256", "NULL"}) {
        static const char* chosen = nullptr;
        chosen = weak;
        EXPECT_EQ(failure_with([](SSL* one) {
                      SSL_set_max_proto_version(one, TLS1_2_VERSION);
                      SSL_set_cipher_list(one, chosen);
                  }),
                  "tls.handshake: no shared cipher")
            << weak;
    }
}

TEST(tls_refusals, a_server_that_wants_1_3) {
    tls_world world;
    world.server.version_min = tls_version::v1_3;
    const foreign_client client([](SSL* one) { SSL_set_max_proto_version(one, TLS1_2_VERSION); });
    tls_end server{unwrap(tls_server_transports::load(world.server)).make()};
    client.talk_to(server);
    EXPECT_EQ(server.failure, "tls.handshake: unsupported protocol");
}

TEST(tls_refusals, renegotiation) {
    const foreign_client client([](SSL* one) { SSL_set_max_proto_version(one, TLS1_2_VERSION); });
    tls_end server{unwrap(tls_server_transports::load(plain_world().server)).make()};
    client.talk_to(server);
    ASSERT_TRUE(server.line->established()) << server.failure;
    SSL_renegotiate(client.get());
    (void)SSL_do_handshake(client.get());
    server.receive(client.take_output());
    EXPECT_LT(server.take_output().size(), 100U) << "a warning";
    EXPECT_FALSE(SSL_do_handshake(client.get()) == 1);
}

TEST(tls_refusals, key_updates_without_end) {
    const foreign_client client([](SSL* one) { SSL_set_min_proto_version(one, TLS1_3_VERSION); });
    tls_end server{unwrap(tls_server_transports::load(plain_world().server)).make()};
    client.talk_to(server);
    (void)server.take_output();
    for (int i = 0; i < 1000; ++i) {
        SSL_key_update(client.get(), SSL_KEY_UPDATE_REQUESTED);
        (void)SSL_do_handshake(client.get());
        server.receive(client.take_output());
    }
    EXPECT_EQ(server.failure, "");
    for (int i = 0; i < 10'000 && server.failure.empty(); ++i) {
        SSL_key_update(client.get(), SSL_KEY_UPDATE_REQUESTED);
        (void)SSL_do_handshake(client.get());
        server.receive(client.take_output());
    }
    EXPECT_EQ(server.failure, "tls.record: the peer takes no answers");
    EXPECT_LE(server.line->output().size(), 129U * 1024);
}

TEST(tls_refusals, compression_and_early_data_are_not_offered) {
    const foreign_client client([](SSL* one) { SSL_clear_options(one, SSL_OP_NO_COMPRESSION); });
    tls_end server{unwrap(tls_server_transports::load(plain_world().server)).make()};
    client.talk_to(server);
    ASSERT_TRUE(server.line->established()) << server.failure;
    EXPECT_EQ(SSL_get_current_compression(client.get()), nullptr);
    const auto bye = server.take_output();
    char none = 0;
    (void)SSL_read(client.get(), &none, 1);  // takes the ticket
    EXPECT_EQ(SSL_SESSION_get_max_early_data(SSL_get0_session(client.get())), 0U);
}

}  // namespace
}  // namespace framewire::tls_refusals_tests
