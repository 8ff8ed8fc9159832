#pragma once

#include "framewire/net/observer.hpp"

#include <cstdint>
#include <vector>

namespace framewire {

/// Notifies several observers of everything, in order.
class observers final : public observer {
public:
    void add(observer& one) { all_.push_back(&one); }

    [[nodiscard]] bool observes_traffic() const noexcept override;

    void opened(const peer& who) override;
    void received_bytes(const peer& who, bytes data) override;
    void received(const peer& who, const piece& data, std::uint64_t offset) override;
    void skipped(const peer& who, std::uint64_t size, std::uint64_t offset) override;
    void peer_ended(const peer& who) override;
    void sent_bytes(const peer& who, bytes data) override;
    void closed(const peer& who, const close_reason& why) override;
    void refused(errc why) override;
    void batch_ended() override;

private:
    std::vector<observer*> all_;
};

}  // namespace framewire
