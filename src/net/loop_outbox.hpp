#pragma once

#include "framewire/service/service.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace framewire {

class connection;
class event_loop;

/// The outbox of every service of one loop: replies go to the connection that is being served.
// Belongs to the loop, and not to the connection, so that a service that kept it beyond its call
// finds an object that says so, and not one that is gone.
class loop_outbox final : public outbox {
public:
    explicit loop_outbox(event_loop& owner) noexcept : loop_(owner) {}
    loop_outbox(const loop_outbox&) = delete;
    loop_outbox& operator=(const loop_outbox&) = delete;

    [[nodiscard]] event_loop& loop() const noexcept { return loop_; }
    /// Requires: within a `call`.
    [[nodiscard]] connection& served() const noexcept { return *served_; }

    /// While it exists, services of this connection may use the outbox, on this thread.
    class call {
    public:
        call(loop_outbox& replies, connection& served) noexcept;
        call(const call&) = delete;
        call& operator=(const call&) = delete;
        ~call();

    private:
        loop_outbox& replies_;
        connection* served_before_;
        // A service may run a loop of its own inside its call.
        const loop_outbox* in_call_before_;
    };

    tl::expected<void, errc> reply(bytes payload) override;
    std::size_t reply_run(const payload_run& payloads) override;
    std::size_t reply_times(bytes payload, std::size_t count) override;
    tl::expected<void, errc> reply_idle(std::uint32_t field) override;
    tl::expected<void, errc> begin(std::uint64_t announced) override;
    tl::expected<void, errc> append(bytes data) override;
    tl::expected<void, errc> end() override;
    void close() override;
    void shutdown_send() override;
    tl::expected<void, errc> use(const framing& frames, direction which) override;
    [[nodiscard]] std::size_t queued() const noexcept override;
    [[nodiscard]] bool full() const noexcept override;
    void pause() override;
    void resume() override;

private:
    std::uint64_t open_slot(order keeps, std::size_t held_bytes) override;
    std::shared_ptr<peer_link> link() override;
    [[nodiscard]] bool is_in_call() const noexcept;

    event_loop& loop_;
    connection* served_ = nullptr;
};

}  // namespace framewire
