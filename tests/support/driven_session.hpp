#pragma once

#include "framewire/session/session.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::tests {

/// A session with a clock that the test sets, and its events as text.
class driven_session {
public:
    explicit driven_session(std::string_view spec, const limits& limits = {},
                            delivery mode = delivery::whole, std::string* shared = nullptr)
        : session_(std::make_shared<const session_rules>(*framing::parse(spec), limits), mode,
                   now_, shared) {}

    session& operator*() { return session_; }
    session* operator->() { return &session_; }

    [[nodiscard]] time_point now() const { return now_; }
    void wait(std::chrono::milliseconds elapsed) {
        now_ += elapsed;
        session_.tick(now_);
    }

    /// Receives bytes; returns the events, as `drain` does.
    std::vector<std::string> receive(bytes input) {
        EXPECT_TRUE(session_.wants_input());
        const std::string buffer(input);  // gone when we return, as a connection's is
        session_.receive(buffer);
        return drain();
    }

    std::vector<std::string> receive_eof() {
        session_.receive_eof();
        return drain();
    }

    /// `frame Hello`, `piece He..`, `skipped 9`, `finished`, `frame.truncated at 5`.
    std::vector<std::string> drain() {
        std::vector<std::string> events;
        while (const auto event = session_.next()) {
            events.push_back(describe(*event));
            if (events.size() < events_max) continue;
            ADD_FAILURE() << "the session does not stop talking: " << events.back();
            break;
        }
        session_.hold();
        return events;
    }

    /// The words of its failure; `no failure` while there is none.
    [[nodiscard]] std::string words() const {
        return session_.failure() ? session_.failure()->words : "no failure";
    }

    /// The time until the next deadline; nothing if there is none.
    [[nodiscard]] std::optional<std::chrono::milliseconds> left() const {
        if (session_.deadline() == time_point::max()) return std::nullopt;
        return std::chrono::duration_cast<std::chrono::milliseconds>(session_.deadline() - now_);
    }

    /// Advances the clock; returns the events, none if no deadline passed.
    std::vector<std::string> expire_after(std::chrono::milliseconds elapsed) {
        wait(elapsed);
        if (!session_.expire()) return {};
        return drain();
    }

private:
    // More than any test needs.
    static constexpr std::size_t events_max = 200'000;

    std::string describe(const event& event) {
        const auto& part = event.piece;
        switch (event.what) {
            case event::kind::frame: break;
            case event::kind::skipped: return "skipped " + std::to_string(part.announced);
            case event::kind::finished: return "finished";
            case event::kind::failed:
                if (!session_.failure()) return "failed without saying why";
                EXPECT_EQ(event.offset, session_.failure()->offset);
                return std::string(error_name(session_.failure()->code)) + " at " +
                       std::to_string(event.offset);
        }
        if (part.whole()) return "frame " + std::string(part.payload);
        return std::string(part.first  ? "first "
                           : part.last ? "last "
                                       : "piece ") +
               std::string(part.payload);
    }

    time_point now_{std::chrono::hours(1)};
    session session_;
};

using event_texts = std::vector<std::string>;

}  // namespace framewire::tests
