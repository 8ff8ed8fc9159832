#include "server.hpp"

#include "answers.hpp"
#include "cli/print.hpp"
#include "http/http_server.hpp"
#include "io/listening.hpp"
#include "io/sockets.hpp"

#include <fmt/format.h>
#include <utility>
#include <vector>

namespace framewire {

result<void> serve_page(std::uint16_t port, const std::string& page) {
    auto opened = open_listener(address{"127.0.0.1", port, {}}, port_sharing::none);
    if (!opened) return tl::unexpected(opened.error());
    const auto chosen = local_endpoint(opened->descriptor.get()).port;
    page_answers answers(page, chosen);
    std::vector<owned_descriptor> listeners;
    listeners.push_back(std::move(opened->descriptor));
    http_server server(std::move(listeners), answers);
    server.stop_on_signals();
    // A reader may connect, or end the program, at once.
    print(fmt::format("http://127.0.0.1:{}/\n", chosen));
    return server.run();
}

}  // namespace framewire
