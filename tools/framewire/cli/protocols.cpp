#include "protocols.hpp"

#include "framewire/core/units.hpp"

#include <algorithm>
#include <array>

namespace framewire {
namespace {

// Fifty lines of a terminal. Other peers wait while it is escaped.
constexpr std::size_t shown_bytes_max = 4 * KiB;
// The consoles of the protocols are those of programs that show everything, and are compared with
// them: a million characters.
constexpr std::size_t shown_bytes_max_of_protocols = 2 * MiB;

constexpr std::array<protocol, 4> table{{
    {
        .name = "walkthrough",
        .framing = "digits:10,count=chars",
        .service = "echo,until=exit",
        .address = "127.0.0.1:1236",
        .ends = "the client sends 'exit', which is echoed first",
        .example = "Hello",
        .server = {.started = "Server listening on {address}...\n",
                   .opened = "Connected to client: {peer}\n",
                   .message = "Client sent: {text}\n",
                   .peer_left = "Client {peer} disconnected\n",
                   .failed = "",
                   .closed = "Finished serving client: {peer}\n",
                   .shown_bytes_max = shown_bytes_max_of_protocols},
        .client = {.connected = "Connected to server at {address}\n",
                   .prompt = "Enter a message (\"exit\" to quit): ",
                   .sent = "Sent to server: {text}\n",
                   .reply = "Server echoed: {text}\n",
                   .server_left = "Server disconnected\n",
                   .closed = "Connection closed.\n",
                   .quit = "exit"},
    },
    {
        .name = "greeting",
        .framing = "fixed:16",
        .service = "reply:Goodbye, client!,close",
        .address = "127.0.0.1:1060",
        .ends = "after one exchange",
        .example = "Greetings,server",
        .server = {.started = "Listening at {local}\nWaiting for a new connection\n",
                   .opened = "Connection from {peer}\n"
                             "  Socket name: {local}\n  Socket peer: {peer}\n",
                   .message = "  message from client: {literal}\n",
                   .peer_left = "  was expecting 16 bytes but only received 0 bytes "
                                "before the socket closed\n",
                   .failed = "  {words}\n",
                   .closed = "  Closing socket\nWaiting for a new connection\n",
                   .shown_bytes_max = shown_bytes_max_of_protocols},
        .client = {.connected = "Client has been assigned the socket {local}\n",
                   .prompt = "",
                   .sent = "",
                   .reply = "The server said {literal}\n",
                   .server_left = "",
                   .closed = "",
                   .no_reply = "was expecting 16 bytes but only received 0 bytes "
                               "before the socket closed",
                   .only_message = "Greetings,server"},
    },
    {
        .name = "echo",
        .framing = "raw",
        .service = "echo",
        .address = "127.0.0.1:8888",
        .ends = "the client leaves",
        .example = "Hi",
        .server = {.started = "",
                   .opened = "Connected to {peer}\n",
                   .message = "Data received: {text}\n",
                   .peer_left = "",
                   .failed = "",
                   .closed = "",
                   .shown_bytes_max = shown_bytes_max_of_protocols},
        .client = {.connected = "",
                   .prompt = "Enter message to send: ",
                   .sent = "",
                   .reply = "Received {literal}\n",
                   .server_left = "Server disconnected\n",
                   .closed = ""},
    },
    {
        .name = "acknowledge",
        .framing = "digits:64,pad=space",
        .service = "acknowledge,until=Disconnect !",
        .address = "127.0.0.1:9999",
        .ends = "the client sends 'Disconnect !', which is acknowledged first",
        .example = "Hello, this is a client !",
        .server = {.started = "[STARTING] server is starting...\n"
                              "[LISTENING] Server is listening on {host}\n",
                   .opened = "[NEW CONNECTION] {peer} connected.\n[ACTIVE CONNECTION] {count}\n",
                   .message = "[{peer}] {text}\n",
                   .peer_left = "",
                   .failed = "",
                   .closed = "",
                   .shown_bytes_max = shown_bytes_max_of_protocols},
        .client = {.connected = "",
                   .prompt = "",
                   .sent = "",
                   .reply = "{text}\n",
                   .server_left = "Server disconnected\n",
                   .closed = "",
                   .quit = "exit",
                   .farewell = "Disconnect !"},
    },
}};

constexpr protocol unnamed{
    .name = "",
    .framing = "",
    .service = "echo",
    .address = ":7000",
    .ends = "the client leaves",
    .example = "Hello",
    .server = {.started = "Listening on {address}\n",
               .opened = "{peer} connected\n",
               .message = "{peer} sent: {text}\n",
               .peer_left = "{peer} left\n",
               .failed = "",
               .closed = "",
               .shown_bytes_max = shown_bytes_max},
    .client = {.connected = "Connected to {address}. /help lists commands.\n",
               .prompt = "> ",
               .sent = "",
               .reply = "",
               .server_left = "Server disconnected\n",
               .closed = "",
               .in_lockstep = false},
};

}  // namespace

std::span<const protocol> protocol_table() noexcept { return table; }

const protocol* find_protocol(std::string_view name) noexcept {
    const auto* found = std::ranges::find(table, name, &protocol::name);
    return found == table.end() ? nullptr : found;
}

const protocol& unnamed_protocol() noexcept { return unnamed; }

}  // namespace framewire
