#include "client_source.hpp"

#include "framewire/core/error.hpp"
#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <cerrno>
#include <string_view>
#include <utility>

namespace framewire {
namespace {

constexpr std::size_t shown_error_max = 120;

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos;
         at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
}

failure ended_early(const client_program& program) {
    auto words = fmt::format("the command has ended with status {}, and has not connected",
                             program.status());
    if (const auto why = program.last_error(); !why.empty()) {
        words += ": " + quote(why, shown_error_max);
    }
    return {std::move(words)};
}

}  // namespace

result<client_source> client_source::open(const address& where, std::string command) {
    auto listeners = open_listeners(where, port_sharing::none);
    if (!listeners) return tl::unexpected(listeners.error());
    client_source made;
    made.listeners_ = *std::move(listeners);
    made.at_ = local_endpoint(made.listeners_.front().descriptor.get());
    replace_all(command, "{address}", made.at_.text());
    replace_all(command, "{host}", made.at_.host);
    replace_all(command, "{port}", std::to_string(made.at_.port));
    made.command_ = std::move(command);
    return made;
}

result<client_visit> client_source::next(std::optional<std::chrono::milliseconds> within) {
    std::optional<client_program> program;
    if (has_command()) {
        refuse_waiting();
        auto started = client_program::start(command_, at_);
        if (!started) return tl::unexpected(started.error());
        program.emplace(*std::move(started));
    }
    const auto began = std::chrono::steady_clock::now();
    for (;;) {
        const bool has_ended = program && program->ends(std::chrono::milliseconds(0));
        auto accepted = accept();
        if (!accepted) return tl::unexpected(accepted.error());
        if (*accepted) {
            (*accepted)->program = std::move(program);
            return **std::move(accepted);
        }
        if (has_ended) return tl::unexpected(ended_early(*program));
        const auto waited = std::chrono::steady_clock::now() - began;
        if (within && waited >= *within) {
            return tl::unexpected(
                failure{fmt::format("no connection within {}", format_duration(*within))});
        }
        std::vector<pollfd> waiting;
        waiting.reserve(listeners_.size() + 1);
        for (const auto& one : listeners_) waiting.push_back({one.descriptor.get(), POLLIN, 0});
        if (program) waiting.push_back({program->exit_descriptor(), POLLIN, 0});
        const auto left = within ? std::chrono::ceil<std::chrono::milliseconds>(*within - waited)
                                 : std::chrono::milliseconds(-1);
        (void)::poll(waiting.data(), waiting.size(), static_cast<int>(left.count()));
    }
}

result<std::optional<client_visit>> client_source::accept() {
    for (const auto& one : listeners_) {
        auto client = accept_connection(one.descriptor.get());
        if (client.descriptor.is_open()) {
            return client_visit{.socket = std::move(client.descriptor),
                                .from = endpoint_of(client.remote)};
        }
        if (after_failed_accept(errno) == accept_advice::pause) {
            return tl::unexpected(
                failure{fmt::format("cannot accept a connection: {}", system_words(errno))});
        }
    }
    return std::nullopt;
}

// Of a program that has more than one connection.
void client_source::refuse_waiting() {
    for (auto waiting = accept(); waiting && *waiting; waiting = accept()) {
        reset_on_close((*waiting)->socket.get());
    }
}

}  // namespace framewire
