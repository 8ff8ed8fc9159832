#pragma once

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
/// `skipped 1 300000 at 0`, `refused limit.fd`.
class recording_observer final : public observer {
public:
    void opened(const peer& who) override { note("opened", who); }
    void received_bytes(const peer& who, bytes part) override {
        note("bytes", who, std::to_string(part.size()));
    }
    void received(const peer& who, const piece& part, std::uint64_t offset) override {
        note(part.whole() ? "frame" : "piece", who,
             std::string(part.payload) + " at " + std::to_string(offset));
    }
    void skipped(const peer& who, std::uint64_t size, std::uint64_t offset) override {
        note("skipped", who, std::to_string(size) + " at " + std::to_string(offset));
    }
    void peer_ended(const peer& who) override { note("ended", who); }
    void sent_bytes(const peer& who, bytes part) override {
        note("sent", who, std::to_string(part.size()));
    }
    void closed(const peer& who, const close_reason& why) override {
        switch (why.what) {
            case close_reason::kind::by_peer: return note("closed", who, "by_peer");
            case close_reason::kind::by_service: return note("closed", who, "by_service");
            case close_reason::kind::by_drain: return note("closed", who, "by_drain");
            case close_reason::kind::by_error:
                return note("closed", who, std::string(error_name(why.error->code)));
        }
    }
    void refused(errc why) override { add("refused " + std::string(error_name(why))); }
    void batch_ended() override { add("turn"); }

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
