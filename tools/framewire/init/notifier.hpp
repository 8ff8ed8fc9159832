#pragma once

#include "framewire/core/result.hpp"

#include <chrono>
#include <string_view>

namespace framewire {

/// Reports to the init system how this process is doing, as in sd_notify(3). Does nothing where
/// none has asked for it (`NOTIFY_SOCKET`).
class notifier {
public:
    /// Removes the variables, so that programs started later do not report in our name. Fails if
    /// they make no sense. Requires: no other thread reads the environment.
    static result<notifier> take();

    notifier(notifier&& other) noexcept;
    notifier& operator=(notifier&&) = delete;
    notifier(const notifier&) = delete;
    ~notifier();

    [[nodiscard]] bool is_wanted() const noexcept { return socket_ >= 0; }
    /// How often the init system wants to see that we are alive, at least; zero: never.
    [[nodiscard]] std::chrono::microseconds watchdog() const noexcept { return watchdog_; }

    /// Serves, and did not before; `status` is shown by `systemctl status`. Thread-safe, as the
    /// others.
    void ready(std::string_view status) const;
    /// Reads its configuration again; `ready` follows.
    void reloading() const;
    /// Another process serves from now on.
    void succeeded_by(int process) const;
    void stopping() const;
    void alive() const;

private:
    notifier() = default;
    void send(std::string_view state) const noexcept;

    int socket_ = -1;
    std::chrono::microseconds watchdog_{0};
};

}  // namespace framewire
