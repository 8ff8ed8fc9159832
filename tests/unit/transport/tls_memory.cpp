#include "tls_ends.hpp"

#include <gtest/gtest.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <cstddef>
#include <cstdlib>
#include <vector>

// What OpenSSL allocates for a connection is what its transport says.
namespace framewire::tls_memory_tests {
namespace {

using namespace framewire::tests;

std::size_t allocated = 0;  // by OpenSSL

void* allocate(std::size_t size, const char* /*file*/, int /*line*/) {
    auto* const made = std::malloc(size);
    allocated += ::malloc_usable_size(made);
    return made;
}

void release(void* made, const char* /*file*/, int /*line*/) {
    allocated -= ::malloc_usable_size(made);
    std::free(made);
}

void* reallocate(void* old, std::size_t size, const char* /*file*/, int /*line*/) {
    allocated -= ::malloc_usable_size(old);
    auto* const made = std::realloc(old, size);
    allocated += ::malloc_usable_size(made);
    return made;
}

// Before OpenSSL has allocated anything.
const bool is_counted = CRYPTO_set_mem_functions(allocate, reallocate, release) == 1;

// Several, so that what they share does not count.
struct crowd {
    explicit crowd(const tls_world& world)
        : server(unwrap(tls_server_transports::load(world.server))),
          client(unwrap(tls_client_transports(world.client, "localhost"))) {
        (void)one();  // allocates what is allocated once
    }

    // The server's end, of a client that is gone.
    tls_end one(std::string_view last = "Hello") const {
        tls_ends both{{client()}, {server.make()}};
        both.exchange();
        both.client.send(last);
        const auto wire = both.client.take_output();
        both.server.receive(wire);
        return std::move(both.server);
    }

    tls_server_transports server;
    transport_factory client;
};

constexpr std::size_t count = 20;

template <class Make>
void expect_what_is_said(Make make) {
    std::vector<tls_end> all;
    all.reserve(count);
    const auto before = allocated;
    for (std::size_t i = 0; i < count; ++i) all.push_back(make());
    const auto each = (allocated - before) / count;
    const auto said = all.front().line->held_bytes();
    EXPECT_LE(each, said) << each;
    EXPECT_GE(each + each / 2, said) << each;
    testing::Test::RecordProperty("bytes", static_cast<int>(each));
}

TEST(tls_memory, of_an_idle_connection_has_no_buffers) {
    ASSERT_TRUE(is_counted);
    for (const auto version : {tls_version::v1_3, tls_version::v1_2}) {
        tls_world world;
        world.client.version_min = version;
        const crowd all(world);
        expect_what_is_said([&] { return all.one(); });
        const auto one = all.one();
        EXPECT_LT(one.line->held_bytes(), 32U * 1024);
    }
}

TEST(tls_memory, of_a_record_that_is_not_complete) {
    const tls_world world;
    const crowd all(world);
    expect_what_is_said([&] {
        auto one = all.one();
        one.receive(bytes("\x17\x03\x03\x10\x00half", 9));
        return one;
    });
}

TEST(tls_memory, of_a_handshake_that_was_not_begun_or_not_finished) {
    const tls_world world;
    const crowd all(world);
    expect_what_is_said([&] { return tls_end{all.server.make()}; });
    expect_what_is_said([&] {
        tls_end one{all.server.make()};
        one.receive(bytes(all.client()->output()));
        (void)one.take_output();
        return one;
    });
}

TEST(tls_memory, of_a_certificate_that_a_client_has_shown) {
    tls_world world;
    world.server.client_ca_file = world.ca.file();
    world.client.certificate = world.ca.issue();
    const crowd all(world);
    expect_what_is_said([&] { return all.one(); });
}

}  // namespace
}  // namespace framewire::tls_memory_tests
