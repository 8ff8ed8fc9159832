#pragma once

#include "framewire/core/result.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace framewire {

/// Payloads that nobody has asked for, until somebody does; bounded in bytes.
class kept_payloads {
public:
    using payload = wire_result<std::string>;

    explicit kept_payloads(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    [[nodiscard]] bool has_room() const noexcept { return bytes_ < bytes_max_ || all_.empty(); }
    void add(payload one) {
        bytes_ += cost(one);
        all_.push_back(std::move(one));
    }
    /// The oldest; nothing if there is none.
    [[nodiscard]] std::optional<payload> take() {
        if (all_.empty()) return std::nullopt;
        auto first = std::move(all_.front());
        bytes_ -= cost(first);
        all_.pop_front();
        return first;
    }
    /// Drops the oldest ones.
    void drop_until_room() {
        while (!has_room()) (void)take();
    }

private:
    // Small payloads cost what is around them.
    static std::size_t cost(const payload& one) noexcept {
        return sizeof one + (one ? one->size() : 0);
    }

    const std::size_t bytes_max_;
    std::deque<payload> all_;
    std::size_t bytes_ = 0;
};

}  // namespace framewire
