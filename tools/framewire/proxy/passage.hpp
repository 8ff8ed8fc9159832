#pragma once

#include "channel.hpp"
#include "fault_line.hpp"
#include "framewire/core/result.hpp"
#include "framewire/service/service.hpp"
#include "io/descriptor.hpp"
#include "net/connection.hpp"
#include "outflow.hpp"
#include "proxy_plan.hpp"
#include "rule_line.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

namespace framewire {

/// Two connections and what passes between them: a client that was accepted, and the server to
/// which it is connected then. Both are without framing for the engine; `channel` knows the
/// messages. Owned by the services of both; belongs to the thread of their loop.
class passage final : public std::enable_shared_from_this<passage> {
public:
    explicit passage(const proxy_plan& plan) : plan_(plan) {}
    passage(const passage&) = delete;
    passage& operator=(const passage&) = delete;

    // What the services of both ends are notified of.
    void opened(end_of which, const peer& who, outbox& replies);
    void receive(end_of sender, bytes data, outbox& replies);
    void writable(end_of to);
    void ended(end_of sender);
    void left(end_of which, const close_reason& why);

private:
    struct side {
        connection* link = nullptr;
        peer who{};
        bool has_ended = false;  // it sends nothing more
        bool is_shut = false;    // it is sent nothing more
        bool is_paused = false;
        bool is_full = false;     // it does not take what it is sent
        bool has_failed = false;  // which has been reported
    };
    /// What an end sends, on its way to the other.
    struct way {
        std::optional<channel> messages{};
        std::optional<outflow> sends{};  // only where there are faults
        std::optional<fault_line> faults{};
        std::optional<rule_line> rules{};  // only where some are programs
        bool ends_later = false;           // after them
        std::optional<wire_error> fails_later{};
    };

    [[nodiscard]] side& at(end_of one) noexcept { return sides_[static_cast<unsigned>(one)]; }
    [[nodiscard]] way& from(end_of one) noexcept { return ways_[static_cast<unsigned>(one)]; }

    [[nodiscard]] bool is_shown(end_of one) const noexcept;
    void show(end_of one, const occurrence& what);
    void begin(end_of sender, event_loop& loop);
    void begin_rules(end_of sender, event_loop& loop);
    [[nodiscard]] std::string rewritten(bytes payload) const;
    bool answer(bytes payload);
    bool reply(bytes payload);
    bool pass(end_of sender, bytes payload, bytes frame);
    void continue_after_rules(end_of sender);
    void fail_after_rules(end_of sender, wire_error why);
    void finish(end_of sender);
    void connect(event_loop& loop);
    void connected(event_loop& loop, result<owned_descriptor> socket);
    void send(end_of to, bytes data);
    void perform(end_of to, outflow::action what, bytes data);
    [[nodiscard]] bool must_wait(end_of sender);
    void pause(end_of which);
    void resume(end_of which);
    void shut(end_of to);
    void close(end_of which);
    void reset(end_of which);
    void fail(end_of which, wire_error why);
    void report(end_of which, const wire_error& why);

    const proxy_plan& plan_;
    std::array<side, 2> sides_{};
    std::array<way, 2> ways_{};
};

/// The service of either end.
class passage_end final : public service {
public:
    passage_end(std::shared_ptr<passage> through, end_of which)
        : through_(std::move(through)), which_(which) {}

    void opened(const peer& who, outbox& replies) override {
        through_->opened(which_, who, replies);
    }
    void receive(const piece& message, outbox& replies) override {
        through_->receive(which_, message.payload, replies);
    }
    void writable(outbox& /*replies*/) override { through_->writable(which_); }
    void peer_ended(outbox& /*replies*/) override { through_->ended(which_); }
    /// The server may still answer what it has got.
    bool stopping(outbox& /*replies*/) override {
        if (which_ == end_of::client) through_->ended(which_);
        return true;
    }
    void left(const close_reason& why) override { through_->left(which_, why); }
    [[nodiscard]] bool streams() const noexcept override { return true; }

private:
    std::shared_ptr<passage> through_;
    end_of which_;
};

}  // namespace framewire
