#pragma once

#include "framewire/service/service.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace framewire::tests {

/// Records what a service does with its outbox.
class recording_outbox final : public outbox {
public:
    /// If set, every `reply` and `begin` fails with it.
    std::optional<errc> refuses{};

    tl::expected<void, errc> reply(bytes payload) override {
        if (refuses) return tl::unexpected(*refuses);
        done_.push_back("reply " + std::string(payload));
        return {};
    }
    tl::expected<void, errc> reply_idle(std::uint32_t field) override {
        done_.push_back("idle " + std::to_string(field));
        return {};
    }
    tl::expected<void, errc> begin(std::uint64_t announced) override {
        if (refuses) return tl::unexpected(*refuses);
        done_.push_back("begin " + std::to_string(announced));
        return {};
    }
    tl::expected<void, errc> append(bytes data) override {
        done_.push_back("append " + std::string(data));
        return {};
    }
    tl::expected<void, errc> end() override {
        done_.emplace_back("end");
        return {};
    }
    void close() override { done_.emplace_back("close"); }
    tl::expected<void, errc> use(const framing& /*frames*/, direction /*which*/) override {
        done_.emplace_back("use");
        return {};
    }
    void shutdown_send() override { done_.emplace_back("shutdown_send"); }

    [[nodiscard]] std::size_t queued() const noexcept override { return 0; }
    [[nodiscard]] bool full() const noexcept override { return false; }
    void pause() override { done_.emplace_back("pause"); }
    void resume() override { done_.emplace_back("resume"); }

    /// The calls since the last `done`.
    std::vector<std::string> done() { return std::exchange(done_, {}); }

private:
    std::uint64_t open_slot(order /*keeps*/, std::size_t /*held_bytes*/) override { return 0; }
    std::shared_ptr<peer_link> link() override { return nullptr; }

    std::vector<std::string> done_;
};

}  // namespace framewire::tests
