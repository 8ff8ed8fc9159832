#include "nats_connection.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire {
namespace {

// A server that is silent for three of these is given up: by default, libnats waits for minutes.
constexpr std::int64_t ping_ms = 1'000;
constexpr int unanswered_pings_max = 2;
constexpr std::int64_t timeout_ms = 2'000;
// Between two attempts at all servers; several nodes do not come back at the same moment.
constexpr std::int64_t reconnect_wait_ms = 250;
constexpr std::int64_t jitter_ms = 250;
constexpr int forever = -1;
// For its threads to end: they wait for nothing longer than the network's answers.
constexpr std::int64_t close_ms = 5'000;

std::vector<std::string> urls_of(std::string_view servers) {
    std::vector<std::string> urls;
    while (!servers.empty()) {
        const auto end = std::min(servers.find(','), servers.size());
        urls.push_back(fmt::format("nats://{}", servers.substr(0, end)));
        servers.remove_prefix(std::min(end + 1, servers.size()));
    }
    return urls;
}

}  // namespace

result<std::unique_ptr<nats_connection>> nats_connection::open(const std::string& servers,
                                                               const std::string& name,
                                                               std::function<void()> changed) {
    const auto library = nats_library::load();
    if (!library) return tl::unexpected(library.error());
    std::unique_ptr<nats_connection> opened(new nats_connection(**library, std::move(changed)));
    if (auto ready = opened->prepare(servers, name); !ready) {
        return tl::unexpected(ready.error());
    }
    if (auto done = opened->connect(); !done) return tl::unexpected(done.error());
    return opened;
}

nats_connection::~nats_connection() {
    library_.destroy_connection(connection_);
    library_.destroy_options(options_);
    (void)library_.close_and_wait(close_ms);
}

void nats_connection::reopen() {
    library_.destroy_connection(std::exchange(connection_, nullptr));
    is_closed_ = false;
    const auto done = connect();
    trouble_ = done ? std::string() : done.error().words;
    if (!done) is_closed_ = true;
}

std::string nats_connection::trouble() const {
    if (connection_ == nullptr) return trouble_;
    const char* words = nullptr;
    (void)library_.last_error(connection_, &words);
    return words == nullptr || *words == '\0' ? "no server answers" : words;
}

std::int64_t nats_connection::payload_bytes_max() const {
    return connection_ == nullptr ? 0 : library_.payload_bytes_max(connection_);
}

result<void> nats_connection::prepare(const std::string& servers, const std::string& name) {
    if (library_.create_options(&options_) != NATS_OK) {
        return tl::unexpected(failure{"libnats has no memory"});
    }
    const auto urls = urls_of(servers);
    std::vector<const char*> views;
    views.reserve(urls.size());
    for (const auto& one : urls) views.push_back(one.c_str());
    const std::array done{
        library_.set_servers(options_, views.data(), static_cast<int>(views.size())),
        library_.set_name(options_, name.c_str()),
        library_.set_timeout(options_, timeout_ms),
        library_.set_ping_interval(options_, ping_ms),
        library_.set_pings_max(options_, unanswered_pings_max),
        library_.set_reconnects_max(options_, forever),
        library_.set_reconnect_wait(options_, reconnect_wait_ms),
        library_.set_reconnect_jitter(options_, jitter_ms, jitter_ms),
        library_.set_retry(options_, true, on_connected, this),
        library_.set_reconnected(options_, on_connected, this),
        library_.set_disconnected(options_, on_disconnected, this),
        library_.set_closed(options_, on_closed, this),
        library_.set_no_echo(options_, true)};
    const auto* const wrong =
        std::ranges::find_if(done, [](natsStatus one) { return one != NATS_OK; });
    if (wrong == done.end()) return {};
    return tl::unexpected(failure{
        fmt::format("'{}' is no list of servers: {}", servers, library_.status_text(*wrong)),
        "HOST[:PORT][,HOST[:PORT]]"});
}

result<void> nats_connection::connect() {
    const auto status = library_.connect(&connection_, options_);
    if (status == NATS_OK) {
        note(true, false);
    } else if (status != NATS_NOT_YET_CONNECTED) {
        return tl::unexpected(
            failure{fmt::format("cannot connect to NATS: {}", library_.status_text(status))});
    }
    return {};
}

void nats_connection::note(bool connected, bool closed) {
    if (connected) ++times_made_;
    is_connected_ = connected;
    is_closed_ = closed;
    changed_();
}

void nats_connection::on_connected(natsConnection* /*of*/, void* self) {
    static_cast<nats_connection*>(self)->note(true, false);
}

void nats_connection::on_disconnected(natsConnection* /*of*/, void* self) {
    static_cast<nats_connection*>(self)->note(false, false);
}

void nats_connection::on_closed(natsConnection* /*of*/, void* self) {
    static_cast<nats_connection*>(self)->note(false, true);
}

}  // namespace framewire
