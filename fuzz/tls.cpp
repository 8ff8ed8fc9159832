// Either end of TLS, and a peer that sends anything, or changes what the right peer sends.

#include "tls_ends.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace framewire::fuzz {
namespace {

using namespace framewire::tests;

[[noreturn]] void refute(std::string_view claim, const tls_end& end) {
    std::fprintf(stderr, "\nthis does not hold: %.*s\n\n%s\n", static_cast<int>(claim.size()),
                 claim.data(), end.failure.c_str());
    std::abort();
}

void expect_sound(tls_end& end) {
    const auto& line = *end.line;
    if (!line.established() && !end.stream.empty()) refute("no stream before a handshake", end);
    if (line.held_bytes() > 256 * 1024) refute("memory is bounded", end);
    if (line.output().size() > 132 * 1024) refute("output is bounded", end);
    if (end.failure.empty()) return;
    (void)end.take_output();
    const auto before = end.stream;
    end.receive("\x17\x03\x03");
    end.receive_eof();
    if (end.stream != before || !line.output().empty()) refute("an error is terminal", end);
}

// Factories, as their certificates take longer than a run.
struct fixed_world {
    tls_world world;
    tls_server_transports servers = unwrap(tls_server_transports::load(world.server));
    transport_factory clients = unwrap(tls_client_transports(world.client, "localhost"));

    [[nodiscard]] tls_ends ends() const { return {{clients()}, {servers.make()}}; }
};

void receive_anything(tls_end end, std::string_view input, std::size_t at_most) {
    tls_ends::deliver(input, end, at_most);
    expect_sound(end);
}

// Pairs of bytes say how far to the next byte that is changed, and how.
class changes {
public:
    explicit changes(std::string_view input) : input_(input) {}

    void apply(std::string& wire) {
        for (std::size_t at = 0; input_.size() >= 2; input_.remove_prefix(2)) {
            at += static_cast<unsigned char>(input_[0]);
            if (at >= wire.size()) return;
            wire[at] = static_cast<char>(wire[at] ^ input_[1]);
        }
    }

private:
    std::string_view input_;
};

void converse(tls_ends both, std::string_view input) {
    changes left(input);
    for (int flight = 0; flight < 6; ++flight) {
        auto there = both.client.take_output();
        left.apply(there);
        both.server.receive(there);
        auto back = both.server.take_output();
        left.apply(back);
        both.client.receive(back);
        if (both.client.line->established() && both.client.failure.empty()) {
            both.client.send("Hello");
        }
    }
    expect_sound(both.client);
    expect_sound(both.server);
}

}  // namespace
}  // namespace framewire::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace framewire::fuzz;
    static const fixed_world world;
    if (size < 2) return 0;
    const std::string_view input(reinterpret_cast<const char*>(data) + 2, size - 2);
    const std::size_t at_most = 1 + data[1];
    auto both = world.ends();
    switch (data[0] % 3) {
        case 0: receive_anything(std::move(both.server), input, at_most); break;
        case 1: receive_anything(std::move(both.client), input, at_most); break;
        default: converse(std::move(both), input);
    }
    return 0;
}
