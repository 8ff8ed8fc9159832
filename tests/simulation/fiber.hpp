#pragma once

#include <ucontext.h>
#include <cstddef>
#include <functional>
#include <memory>

namespace framewire::tests {

/// A thread of the simulated program: has a stack of its own, and runs only when it is resumed.
class fiber {
public:
    explicit fiber(std::function<void()> body);
    fiber(const fiber&) = delete;
    fiber& operator=(const fiber&) = delete;
    ~fiber();

    /// Runs it until it suspends itself or ends. Requires: not done, and not called by a fiber.
    void resume();
    /// Returns to who resumed it, until it is resumed again. Requires: it is the running one.
    void suspend();
    [[nodiscard]] bool done() const noexcept { return done_; }

private:
    static void begin(unsigned high, unsigned low);

    std::function<void()> body_;
    std::unique_ptr<char[]> stack_;
    ucontext_t outside_{};
    ucontext_t inside_{};
    const void* outside_stack_ = nullptr;  // for AddressSanitizer
    std::size_t outside_size_ = 0;
    bool done_ = false;
};

}  // namespace framewire::tests
