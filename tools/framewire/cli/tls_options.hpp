#pragma once

#include "command_line.hpp"
#include "framewire/io/address.hpp"
#include "framewire/transport/tls.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// The options of TLS, as every command has them. One of them is enough to turn it on.
struct tls_options {
    bool is_on = false;
    std::string ca;
    std::string name;
    bool insecure = false;
    std::vector<std::string> certificates;
    std::vector<std::string> keys;
    std::string client_ca;
    std::optional<tls_version> version_min;
    std::vector<std::string> protocols;
    std::string keylog;
    std::chrono::milliseconds handshake_deadline = tls_server_settings{}.handshake_deadline;
    std::uint64_t handshakes_max = tls_server_settings{}.handshakes_max;
    std::uint64_t handshakes_per_second_max = tls_server_settings{}.handshakes_per_second_max;

    [[nodiscard]] bool given() const noexcept;
};

/// Which end of a connection the command is.
enum class tls_end { client, server, either };

/// Most are listed by `--help-all` only; so is `--tls` if the page has no room for it.
void add_tls_options(command_page& page, tls_options& into, tls_end end, bool has_room = false);

/// How many handshakes a server of many clients allows, and for how long.
void add_handshake_options(command_page& page, tls_options& into);

/// How to connect there; absent: without TLS. Warns on standard error if nobody is verified. Reads
/// the variable SSLKEYLOGFILE. Throws `usage_error` if the options contradict each other.
[[nodiscard]] std::optional<tls_client_settings> client_tls(const tls_options& given,
                                                            const address& where,
                                                            std::string_view command_name);

/// How to listen; absent: without TLS. Throws `usage_error` as above.
[[nodiscard]] std::optional<tls_server_settings> server_tls(const tls_options& given);

}  // namespace framewire
