#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/net/observer.hpp"

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire::tests {

/// Records each notification of an observer in one line: `opened 1`, `bytes 1 15`,
/// `frame 1 Hello at 0`, `turn`, `sent 1 15`, `ended 1`, `closed 1 by_peer`,
/// `skipped 1 300000 at 0`, `dropped 1 3`, `refused limit.fd`.
class recording_observer final : public observer {
public:
    void on(const peer& who, const occurrence& what) override {
        std::visit(
            overloaded{
                [&](const occurred::opened&) { note("opened", who); },
                [&](const occurred::received_bytes& some) {
                    note("bytes", who, some.data.size());
                },
                [&](const occurred::received& one) {
                    note(one.payload.whole() ? "frame" : "piece", who,
                         std::string(one.payload.payload) + at(one.offset));
                },
                [&](const occurred::skipped& one) {
                    note("skipped", who, std::to_string(one.size) + at(one.offset));
                },
                [&](const occurred::peer_ended&) { note("ended", who); },
                [&](const occurred::sent_bytes& some) { note("sent", who, some.data.size()); },
                [&](const occurred::dropped& some) { note("dropped", who, some.count); },
                [&](const occurred::closed& end) { note("closed", who, reason(end.why)); },
                [&](const occurred::refused& how) {
                    add("refused " + std::string(error_name(how.why)));
                },
                [&](const occurred::changed_framing& now) { add("framing " + now.frames.spec()); },
                [&](const occurred::batch_ended&) { add("turn"); },
            },
            what);
    }

    [[nodiscard]] std::vector<std::string> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }
    /// How many lines begin so.
    [[nodiscard]] std::size_t count(std::string_view beginning) const {
        const auto all = lines();
        return static_cast<std::size_t>(std::ranges::count_if(
            all, [&](const std::string& line) { return line.starts_with(beginning); }));
    }
    [[nodiscard]] bool has(std::string_view line) const { return count(line) > 0; }

private:
    static std::string at(std::uint64_t offset) { return " at " + std::to_string(offset); }
    static std::string reason(const close_reason& why) {
        switch (why.what) {
            case close_reason::kind::by_peer: return "by_peer";
            case close_reason::kind::by_service: return "by_service";
            case close_reason::kind::by_drain: return "by_drain";
            case close_reason::kind::by_error: break;
        }
        return std::string(error_name(why.error->code));
    }
    void note(std::string_view what, const peer& who, std::uint64_t number) {
        note(what, who, std::to_string(number));
    }
    void note(std::string_view what, const peer& who, const std::string& more = {}) {
        add(std::string(what) + " " + std::to_string(who.id) + (more.empty() ? "" : " " + more));
    }
    void add(std::string line) {
        const std::lock_guard lock(mutex_);
        lines_.push_back(std::move(line));
    }

    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};

}  // namespace framewire::tests
