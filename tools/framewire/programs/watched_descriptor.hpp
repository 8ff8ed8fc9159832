#pragma once

#include "io/descriptor.hpp"
#include "io/poller.hpp"

#include <functional>
#include <utility>

namespace framewire {

/// A descriptor that a poller waits for, and what is done when it is ready.
class watched_descriptor final : private pollable {
public:
    explicit watched_descriptor(poller& in) noexcept : poller_(in) {}
    watched_descriptor(const watched_descriptor&) = delete;
    watched_descriptor& operator=(const watched_descriptor&) = delete;
    ~watched_descriptor() override { close(); }

    /// Takes over the descriptor. False, with `errno` set, if the system cannot poll one more.
    [[nodiscard]] bool open(owned_descriptor one, interest in, std::function<void()> on_ready) {
        descriptor_ = std::move(one);
        on_ready_ = std::move(on_ready);
        return poller_.add(descriptor_.get(), *this, in);
    }
    void close() noexcept {
        if (descriptor_.is_open()) poller_.remove(descriptor_.get());
        descriptor_.close();
    }

    [[nodiscard]] bool is_open() const noexcept { return descriptor_.is_open(); }
    [[nodiscard]] int get() const noexcept { return descriptor_.get(); }

private:
    void ready(interest /*found*/) override {
        if (descriptor_.is_open()) on_ready_();
    }

    poller& poller_;
    owned_descriptor descriptor_;
    std::function<void()> on_ready_;
};

}  // namespace framewire
