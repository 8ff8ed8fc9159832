#include "server.hpp"

#include "answers.hpp"
#include "cli/print.hpp"
#include "http/http_server.hpp"
#include "io/listening.hpp"
#include "io/sockets.hpp"
#include "transport/tls_transports.hpp"

#include <fmt/format.h>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire {

namespace {

result<transport_factory> transports_for(const std::optional<tls_server_settings>& tls) {
    if (!tls) return transport_factory();
    return tls_server_transports::load(*tls).map([](const tls_server_transports& all) {
        return transport_factory([all] { return all.make(); });
    });
}

}  // namespace

result<void> serve_page(std::uint16_t port, const std::optional<tls_server_settings>& tls,
                        const std::string& page) {
    auto transports = transports_for(tls);
    if (!transports) return tl::unexpected(transports.error());
    auto opened = open_listener(address{"127.0.0.1", port, {}}, port_sharing::none);
    if (!opened) return tl::unexpected(opened.error());
    const auto chosen = local_endpoint(opened->descriptor.get()).port;
    const std::string_view scheme = tls ? "https" : "http";
    page_answers answers(page, scheme, chosen);
    std::vector<owned_descriptor> listeners;
    listeners.push_back(std::move(opened->descriptor));
    http_server server(std::move(listeners), answers, *std::move(transports));
    server.stop_on_signals();
    // A reader may connect, or end the program, at once.
    print(fmt::format("{}://127.0.0.1:{}/\n", scheme, chosen));
    return server.run();
}

}  // namespace framewire
