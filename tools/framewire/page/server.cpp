#include "server.hpp"

#include "answers.hpp"
#include "cli/print.hpp"
#include "http_server.hpp"
#include "io/listening.hpp"
#include "io/sockets.hpp"

#include <fmt/format.h>

namespace framewire {

result<void> serve_page(std::uint16_t port, const std::string& page) {
    auto opened = open_listener(address{"127.0.0.1", port, {}}, port_sharing::none);
    if (!opened) return tl::unexpected(opened.error());
    auto& listener = opened->descriptor;
    const auto chosen = local_endpoint(listener.get()).port;
    page_answers answers(page, chosen);
    http_server server(std::move(listener), answers);
    // A reader may connect, or end the program, at once.
    print(fmt::format("http://127.0.0.1:{}/\n", chosen));
    return server.run();
}

}  // namespace framewire
