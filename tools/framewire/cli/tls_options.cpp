#include "tls_options.hpp"

#include "file.hpp"
#include "framewire/core/units.hpp"
#include "print.hpp"
#include "terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cstdlib>
#include <utility>

namespace framewire {
namespace {

result<void> read_version(const std::string& text, std::optional<tls_version>& into) {
    if (text != "1.2" && text != "1.3") {
        return tl::unexpected(failure{fmt::format("'{}' is neither 1.2 nor 1.3", text)});
    }
    into = text == "1.3" ? tls_version::v1_3 : tls_version::v1_2;
    return {};
}

void add_client_options(command_page& page, tls_options& into) {
    page.text("--tls-ca", into.ca, "PATH",
              "trust the CAs in this file, and no longer those of the system")
        .seldom();
    page.text("--tls-name", into.name, "HOST",
              "expect a certificate for HOST, and not for the host of the address")
        .seldom();
    page.flag("--tls-insecure", into.insecure,
              "accept every certificate, also that of an attacker")
        .seldom();
}

// OpenSSL's words for a key that is not there are of no help.
void expect_key_in(const std::string& certificate) {
    const auto content = read_file(certificate, 1 * MiB);
    if (!content || content->find("PRIVATE KEY-----") != std::string::npos) return;
    throw usage_error({fmt::format("--tls-cert: '{}' has no private key", certificate),
                       "--tls-key PATH says where it is"});
}

// A key may be in the file of its certificate.
std::vector<tls_certificate> pairs_of(const tls_options& given) {
    const auto& keys = given.keys.empty() ? given.certificates : given.keys;
    if (keys.size() != given.certificates.size()) {
        throw usage_error({fmt::format("--tls-cert is given {} times, but --tls-key {} times",
                                       given.certificates.size(), keys.size()),
                           "each certificate needs its key, in the same order"});
    }
    if (given.keys.empty()) std::ranges::for_each(keys, expect_key_in);
    std::vector<tls_certificate> pairs;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        pairs.push_back({given.certificates[i], keys[i]});
    }
    return pairs;
}

void refuse_if(bool is_given, std::string_view option, std::string_view end) {
    if (is_given) throw usage_error({fmt::format("{} is for {}", option, end), ""});
}

void warn_of_insecure(std::string_view command_name) {
    const auto words =
        report_text(command_name, {"warning: --tls-insecure: whoever answers is not verified, and "
                                   "can read and change everything"});
    const bool red = terminal_obeys(STDERR_FILENO);
    print_error(red ? "\x1b[31m" + words.substr(0, words.size() - 1) + "\x1b[0m\n" : words);
}

std::string name_for(const tls_options& given, const address& where) {
    if (!given.name.empty() || given.insecure) {
        return given.name.empty() && !where.is_local() ? where.host : given.name;
    }
    if (where.is_local()) {
        throw usage_error({"a local socket has no name that a certificate could have",
                           "--tls-name HOST says which"});
    }
    return where.host.empty() ? "localhost" : where.host;
}

}  // namespace

bool tls_options::given() const noexcept {
    return is_on || insecure || version_min || !ca.empty() || !name.empty() ||
           !certificates.empty() || !keys.empty() || !client_ca.empty() || !protocols.empty() ||
           !keylog.empty();
}

void add_tls_options(command_page& page, tls_options& into, tls_end end, bool has_room) {
    page.group("TLS");
    if (end != tls_end::server) {
        auto on = page.flag("--tls", into.is_on, "use TLS, and verify the server");
        if (!has_room) on.seldom();
        add_client_options(page, into);
    }
    page.texts("--tls-cert", into.certificates, "PATH",
               end == tls_end::client
                   ? "show the certificate in this file (PEM), with those of its CA"
                   : "use TLS, with the certificate in this file (PEM)")
        .seldom();
    page.texts("--tls-key", into.keys, "PATH", "read the private key of --tls-cert from this file")
        .seldom();
    if (end != tls_end::client) {
        page.text("--tls-client-ca", into.client_ca, "PATH",
                  "accept only clients with a certificate of the CAs in this file")
            .seldom();
        page.text("--tls-keylog", into.keylog, "PATH",
                  "write the secrets of all connections to this file, for Wireshark")
            .seldom();
    }
    page.value("--tls-min", "VERSION", "refuse TLS before VERSION: 1.2 or 1.3",
               [&into](const std::string& text) { return read_version(text, into.version_min); })
        .shown_default("1.2")
        .seldom();
    page.texts("--tls-alpn", into.protocols, "NAME",
               end == tls_end::client ? "offer the protocol NAME (ALPN)"
                                      : "agree on the protocol NAME (ALPN)")
        .seldom();
}

void add_handshake_options(command_page& page, tls_options& into) {
    page.duration("--handshake-deadline", into.handshake_deadline,
                  "close if a handshake of TLS takes longer than TIME; 0: never")
        .seldom();
    page.number("--max-handshakes", into.handshakes_max,
                "allow N handshakes at once; above that, close the oldest", 1)
        .seldom();
    page.number("--handshakes-per-second", into.handshakes_per_second_max,
                "let each event loop begin N handshakes a second; 0: no limit")
        .seldom();
}

std::optional<tls_client_settings> client_tls(const tls_options& given, const address& where,
                                              std::string_view command_name) {
    if (!given.given()) return std::nullopt;
    refuse_if(!given.client_ca.empty(), "--tls-client-ca", "a server");
    refuse_if(!given.keylog.empty(), "--tls-keylog", "a server; a client reads SSLKEYLOGFILE");
    auto pairs = pairs_of(given);
    if (pairs.size() > 1) throw usage_error({"a client shows one --tls-cert", ""});
    tls_client_settings settings{.ca_file = given.ca,
                                 .name = name_for(given, where),
                                 .insecure = given.insecure,
                                 .version_min = given.version_min.value_or(tls_version::v1_2),
                                 .protocols = given.protocols};
    if (!pairs.empty()) settings.certificate = std::move(pairs.front());
    if (const char* const secrets = std::getenv("SSLKEYLOGFILE"); secrets != nullptr) {
        settings.keylog_file = secrets;
    }
    if (given.insecure) warn_of_insecure(command_name);
    return settings;
}

std::optional<tls_server_settings> server_tls(const tls_options& given) {
    if (!given.given()) return std::nullopt;
    refuse_if(!given.ca.empty(), "--tls-ca", "a client; a server takes --tls-client-ca");
    refuse_if(!given.name.empty(), "--tls-name", "a client");
    refuse_if(given.insecure, "--tls-insecure", "a client");
    if (given.certificates.empty()) {
        throw usage_error({"a server needs a certificate: --tls-cert PATH --tls-key PATH",
                           "framewire certificate writes one for trying out TLS"});
    }
    return tls_server_settings{.certificates = pairs_of(given),
                               .client_ca_file = given.client_ca,
                               .version_min = given.version_min.value_or(tls_version::v1_2),
                               .protocols = given.protocols,
                               .keylog_file = given.keylog,
                               .handshake_deadline = given.handshake_deadline,
                               .handshakes_max = given.handshakes_max,
                               .handshakes_per_second_max = given.handshakes_per_second_max};
}

}  // namespace framewire
