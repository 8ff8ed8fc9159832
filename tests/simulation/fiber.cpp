#include "fiber.hpp"

#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

// Defined by AddressSanitizer only, which has to know where the stack is.
extern "C" {
[[gnu::weak]] void __sanitizer_start_switch_fiber(void** kept, const void* stack,
                                                  std::size_t size);
[[gnu::weak]] void __sanitizer_finish_switch_fiber(void* kept, const void** stack,
                                                   std::size_t* size);
}

namespace framewire::tests {
namespace {

constexpr std::size_t stack_bytes = 512 * 1024;

// Stacks of fibers that have ended, for the next ones.
std::vector<std::unique_ptr<char[]>>& spare_stacks() {
    static std::vector<std::unique_ptr<char[]>> spare;
    return spare;
}

std::unique_ptr<char[]> take_stack() {
    auto& spare = spare_stacks();
    if (spare.empty()) return std::unique_ptr<char[]>(new char[stack_bytes]);
    auto one = std::move(spare.back());
    spare.pop_back();
    return one;
}

}  // namespace

fiber::fiber(std::function<void()> body) : body_(std::move(body)), stack_(take_stack()) {
    ::getcontext(&inside_);
    inside_.uc_stack.ss_sp = stack_.get();
    inside_.uc_stack.ss_size = stack_bytes;
    inside_.uc_link = nullptr;
    // Only numbers of the size of an int are passed on.
    const auto self = reinterpret_cast<std::uintptr_t>(this);
    ::makecontext(&inside_, reinterpret_cast<void (*)()>(&fiber::begin), 2,
                  static_cast<unsigned>(self >> 32U), static_cast<unsigned>(self));
}

fiber::~fiber() { spare_stacks().push_back(std::move(stack_)); }

void fiber::begin(unsigned high, unsigned low) {
    auto& self = *reinterpret_cast<fiber*>(std::uintptr_t{high} << 32U | low);
    if (__sanitizer_finish_switch_fiber != nullptr) {
        __sanitizer_finish_switch_fiber(nullptr, &self.outside_stack_, &self.outside_size_);
    }
    self.body_();
    self.done_ = true;
    if (__sanitizer_start_switch_fiber != nullptr) {
        __sanitizer_start_switch_fiber(nullptr, self.outside_stack_, self.outside_size_);
    }
    ::setcontext(&self.outside_);
    std::abort();
}

void fiber::resume() {
    void* kept = nullptr;
    if (__sanitizer_start_switch_fiber != nullptr) {
        __sanitizer_start_switch_fiber(&kept, stack_.get(), stack_bytes);
    }
    ::swapcontext(&outside_, &inside_);
    if (__sanitizer_finish_switch_fiber != nullptr) {
        __sanitizer_finish_switch_fiber(kept, nullptr, nullptr);
    }
}

void fiber::suspend() {
    void* kept = nullptr;
    if (__sanitizer_start_switch_fiber != nullptr) {
        __sanitizer_start_switch_fiber(&kept, outside_stack_, outside_size_);
    }
    ::swapcontext(&inside_, &outside_);
    if (__sanitizer_finish_switch_fiber != nullptr) {
        __sanitizer_finish_switch_fiber(kept, &outside_stack_, &outside_size_);
    }
}

}  // namespace framewire::tests
