#pragma once

#include "framewire/core/result.hpp"
#include "load_plan.hpp"
#include "load_result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace framewire {

/// Load on a server, by threads of its own, while whoever started it may look on.
class load_run {
public:
    /// What is seen from outside while it runs.
    struct view {
        std::uint64_t messages = 0;
        std::uint64_t faults = 0;
        std::uint64_t open = 0;
        double messages_per_second = 0;  // of the latest whole second
        std::chrono::nanoseconds p99{};
    };

    /// Fails if the host is not known.
    static result<load_run> start(load_plan plan);
    load_run(load_run&&) noexcept;
    load_run& operator=(load_run&&) = delete;
    /// Ends it at once.
    ~load_run();

    /// True if the run is over before `timeout` is.
    [[nodiscard]] bool wait(std::chrono::milliseconds timeout);
    [[nodiscard]] view snapshot() const;
    /// Nothing more is sent, and those that answer are heard out; the second time not even that.
    void stop();
    /// Waits for the end. Fails if a connection could not be made at the beginning. Call it once.
    result<load_result> finish();

private:
    struct state;
    explicit load_run(std::unique_ptr<state> own);

    std::unique_ptr<state> state_;
};

}  // namespace framewire
