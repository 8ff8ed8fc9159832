#pragma once

#include "cli/json_log.hpp"
#include "cli/transcript_log.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/net/observer.hpp"
#include "recent_messages.hpp"
#include "recording.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace framewire {

/// What clients send and are sent, for everybody who shows it. The observer of the server that
/// accepts them: it knows when they come and go, and passages report what passes, as that server
/// sees bytes without framing.
class client_side final : public observer {
public:
    /// `report` is notified of every connection that fails, or is not accepted.
    explicit client_side(std::function<void(const peer&, const wire_error&)> report)
        : report_(std::move(report)) {}

    void add(observer& one) { shown_by_.push_back(&one); }
    [[nodiscard]] bool is_shown() const noexcept { return !shown_by_.empty(); }

    void on(const peer& who, const occurrence& what) override {
        if (std::holds_alternative<occurred::peer_ended>(what)) return;  // a passage says so
        show(who, what);
        if (const auto* end = std::get_if<occurred::closed>(&what)) {
            if (end->why.error != nullptr) report_(who, *end->why.error);
        } else if (const auto* how = std::get_if<occurred::refused>(&what)) {
            report_(who, {how->why, 0, std::string(how->words)});
        }
    }
    [[nodiscard]] bool observes_traffic() const noexcept override { return false; }

    void show(const peer& who, const occurrence& what) {
        for (auto* const one : shown_by_) one->on(who, what);
    }

private:
    std::function<void(const peer&, const wire_error&)> report_;
    std::vector<observer*> shown_by_;
};

/// What passages notify of about the clients.
class client_traffic final : public observer {
public:
    explicit client_traffic(client_side& of) : of_(of) {}
    void on(const peer& who, const occurrence& what) override { of_.show(who, what); }

private:
    client_side& of_;
};

/// What the server sends and is sent, where it is not what the clients are sent and send.
class server_side {
public:
    /// Each may be null.
    struct shown_by {
        transcript_log* transcripts = nullptr;
        json_log* events = nullptr;
        recording* recordings = nullptr;
        recent_messages* recent = nullptr;
    };
    /// `frames` is the framing of what the server sends.
    server_side(framing frames, shown_by whom) : framing_(std::move(frames)), by_(whom) {}

    void show(const peer& client, const peer& server, const occurrence& what);

private:
    framing framing_;
    shown_by by_;
};

}  // namespace framewire
