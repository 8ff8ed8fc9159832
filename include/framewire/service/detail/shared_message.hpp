#pragma once

#include "framewire/core/error.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace framewire {

/// A payload for many peers, framed once for each framing among them. Thread-safe.
class shared_message {
public:
    using frame = std::shared_ptr<const std::string>;
    /// Appends the frame of a payload, or fails and appends nothing.
    using encoder = std::function<tl::expected<void, errc>(const std::string&, std::string&)>;

    explicit shared_message(std::string payload) : payload_(std::move(payload)) {}

    /// What it counts for where messages wait: empty ones take memory, too.
    [[nodiscard]] std::size_t cost() const noexcept { return payload_.size() + overhead; }
    static constexpr std::size_t overhead = 128;
    /// The frame, made by the first caller with this key; null if the payload cannot be framed.
    frame framed(const std::shared_ptr<const void>& key, const encoder& encode);
    /// The frame for one peer, which no other can use; null as above.
    [[nodiscard]] frame framed_once(const encoder& encode) const;

private:
    const std::string payload_;
    std::mutex mutex_;
    std::vector<std::pair<std::shared_ptr<const void>, frame>> frames_;
};

}  // namespace framewire
