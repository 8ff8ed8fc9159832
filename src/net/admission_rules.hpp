#pragma once

#include "framewire/core/result.hpp"
#include "framewire/io/address_range.hpp"
#include "framewire/net/server.hpp"
#include "rate_bucket.hpp"
#include "rate_table.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace framewire {

/// Who may connect to a server, how often, and how much they may send. Thread-safe.
class admission_rules {
public:
    explicit admission_rules(const server_settings& settings)
        : proxy(settings.proxy),
          accepts(settings.accepts_per_second_max),
          rates(settings.messages_per_second_max, settings.bytes_per_second_max),
          access_(std::make_shared<const address_rules>(settings.access)),
          restricts_(proxy || lists_any(*access_)) {}

    /// False: everybody may connect, so that nobody's address has to be known.
    [[nodiscard]] bool restricts() const noexcept { return restricts_; }

    /// The error of a peer that may not connect, of which this is known so far.
    [[nodiscard]] std::optional<errc> refusal_of(const endpoint& at) const {
        if (proxy) {
            if (contains(proxy->trusted, at)) return std::nullopt;
            return errc::proxy_untrusted;
        }
        return permits(at) ? std::nullopt : std::optional(errc::limit_denied);
    }
    [[nodiscard]] bool permits(const endpoint& at) const { return access()->permit(at); }
    /// For connections that open from now on.
    void replace(address_rules with) {
        auto next = std::make_shared<const address_rules>(std::move(with));
        const std::lock_guard lock(mutex_);
        access_.swap(next);
        restricts_ = proxy || lists_any(*access_);
    }

    /// The same of all that may change while the server runs.
    void change(const server_settings& settings) {
        replace(settings.access);
        accepts.limit(settings.accepts_per_second_max);
        rates.limit(settings.messages_per_second_max, settings.bytes_per_second_max);
    }

    const std::optional<proxy_settings> proxy;
    rate_bucket accepts;
    rate_table rates;

private:
    [[nodiscard]] static bool lists_any(const address_rules& of) noexcept {
        return !of.allowed.empty() || !of.denied.empty();
    }
    [[nodiscard]] std::shared_ptr<const address_rules> access() const {
        const std::lock_guard lock(mutex_);
        return access_;
    }

    mutable std::mutex mutex_;
    std::shared_ptr<const address_rules> access_;
    std::atomic<bool> restricts_;
};

}  // namespace framewire
