#pragma once

#include "framewire/core/result.hpp"

#include <concepts>
#include <functional>
#include <string>
#include <utility>

namespace framewire {

/// Called once with the outcome of a request. If it is destroyed before, as memory is short where
/// it should be kept or passed on, it is called with `limit.memory`: nobody waits in vain.
class reply_callback {
public:
    using outcome = wire_result<std::string>;
    using function = std::function<void(outcome)>;

    reply_callback() = default;
    template <std::invocable<outcome> Then>
        requires(!std::same_as<std::remove_cvref_t<Then>, reply_callback>)
    reply_callback(Then then) : then_(std::move(then)) {}  // implicit, as for a function
    reply_callback(reply_callback&& other) noexcept : then_(std::exchange(other.then_, nullptr)) {}
    reply_callback& operator=(reply_callback&& other) noexcept {
        if (this == &other) return *this;
        abandon();
        then_ = std::exchange(other.then_, nullptr);
        return *this;
    }
    ~reply_callback() { abandon(); }

    /// Throws what the function throws. Requires: it has not been called.
    void operator()(outcome one) { std::exchange(then_, nullptr)(std::move(one)); }
    /// True until it has been called.
    explicit operator bool() const noexcept { return then_ != nullptr; }

private:
    void abandon() noexcept {
        if (!then_) return;
        try {
            (*this)(tl::unexpected(wire_error{errc::limit_memory, 0, {}}));
        } catch (...) {
            return;
        }
    }

    function then_;
};

}  // namespace framewire
