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

/// A session whose clock is told what time it is, and which notes what is said.
class told_session {
public:
    explicit told_session(std::string_view spec, const limits& limits = {},
                          delivery mode = delivery::whole, std::string* shared = nullptr)
        : session_(
              std::make_shared<const session_rules>(session_rules{*framing::parse(spec), limits}),
              mode, now_, shared) {}

    session& operator*() { return session_; }
    session* operator->() { return &session_; }

    [[nodiscard]] time_point now() const { return now_; }
    void wait(std::chrono::milliseconds elapsed) {
        now_ += elapsed;
        session_.tick(now_);
    }

    /// Bytes arrive; what the session says about them, as `listen`.
    std::vector<std::string> hear(bytes input) {
        EXPECT_TRUE(session_.wants_input());
        const std::string buffer(input);  // gone when we return, as a connection's is
        session_.receive(buffer);
        return listen();
    }

    std::vector<std::string> hear_eof() {
        session_.receive_eof();
        return listen();
    }

    /// `frame Hello`, `piece He..`, `skipped 9`, `finished`, `frame.truncated at 5`.
    std::vector<std::string> listen() {
        std::vector<std::string> said;
        while (const auto event = session_.next()) {
            said.push_back(describe(*event));
            if (said.size() < events_max) continue;
            ADD_FAILURE() << "the session does not stop talking: " << said.back();
            break;
        }
        session_.hold();
        return said;
    }

    /// The words of its failure; `no failure` while there is none.
    [[nodiscard]] std::string words() const {
        return session_.failure() ? session_.failure()->words : "no failure";
    }

    /// How long until something expires; nothing for never.
    [[nodiscard]] std::optional<std::chrono::milliseconds> left() const {
        if (session_.deadline() == time_point::max()) return std::nullopt;
        return std::chrono::duration_cast<std::chrono::milliseconds>(session_.deadline() - now_);
    }

    /// What is said when the clock has moved on so far; nothing if no deadline went by.
    std::vector<std::string> expire_after(std::chrono::milliseconds elapsed) {
        wait(elapsed);
        if (!session_.expire()) return {};
        return listen();
    }

private:
    // More than any test lets a session say.
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

using heard = std::vector<std::string>;

}  // namespace framewire::tests
