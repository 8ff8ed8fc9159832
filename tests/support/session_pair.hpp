#pragma once

#include "framewire/session/session.hpp"
#include "framewire/transcript/player.hpp"
#include "framewire/transcript/printer.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace framewire::tests {

/// One of two joined sessions, and what it received.
struct paired_session {
    paired_session(const framing& frames, const limits& bounds)
        : state(frames, bounds, delivery::whole, time_point{}) {}

    session state;
    std::vector<std::string> payloads{};
    std::vector<std::string> events{};
};

/// Two sessions joined in memory: what one sends, the other receives, in reads of `read_bytes_max`
/// and not while it does not want any. Plays a transcript, too: what comes from the peer there is
/// received by the server, whose output is what is sent to the peer.
class session_pair final : public play_target {
public:
    /// Called with each payload that an end receives.
    using service = std::function<void(session& self, bytes payload)>;

    explicit session_pair(const framing& frames, service server_service,
                          std::size_t read_bytes = std::string::npos,
                          const limits& server_bounds = {})
        : client(frames, limits{}),
          server(frames, server_bounds),
          service_(std::move(server_service)),
          read_bytes_max(read_bytes) {}

    /// Moves bytes both ways until neither end has any, or accepts none.
    void exchange(player* watching = nullptr) {
        bool moved = true;
        while (moved) {
            const bool to_server = carry(client, server, watching);
            const bool to_client = carry(server, client, watching);
            moved = to_server || to_client;
        }
    }

    result<void> perform(const action& todo, player& watching) override {
        auto& self = server.state;
        switch (todo.what) {
            case action::kind::send:
                if (self.wants_input()) self.receive(todo.data);
                break;
            case action::kind::wait:
                self.tick(now_ += todo.elapsed);
                self.expire();
                break;
            case action::kind::end: self.receive_eof(); break;
            case action::kind::reset: self.receive_error(errc::io_reset, ""); break;
            default: break;
        }
        drain_events(server, &watching);
        exchange(&watching);
        return {};
    }

    paired_session client;
    paired_session server;

private:
    bool carry(paired_session& from, paired_session& to, player* watching) {
        const std::string data(from.state.output().substr(0, read_bytes_max));
        if (data.empty() || !to.state.wants_input()) return false;
        from.state.sent(data.size());
        if (&from == &server && watching != nullptr) watching->on_output(data);
        to.state.receive(data);
        drain_events(to, watching);
        drain_events(from, watching);  // it may continue now that it owes less
        return true;
    }

    void drain_events(paired_session& one, player* watching) {
        while (const auto happened = one.state.next()) {
            one.events.push_back(print_event(one.state, *happened));
            if (&one == &server && watching != nullptr) watching->on_event(one.events.back());
            if (happened->what != event::kind::frame) continue;
            one.payloads.emplace_back(happened->piece.payload);
            if (&one == &server) service_(one.state, happened->piece.payload);
        }
        one.state.hold();
    }

    service service_;
    std::size_t read_bytes_max;
    time_point now_{};
};

inline void echo(session& self, bytes payload) { (void)self.send(payload); }

}  // namespace framewire::tests
