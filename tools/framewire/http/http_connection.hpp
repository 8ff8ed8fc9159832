#pragma once

#include "http_jobs.hpp"
#include "http_line.hpp"
#include "http_message.hpp"
#include "http_parser.hpp"
#include "io/poller.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

/// One peer of a server; serves its requests one after the other.
class http_connection final : private pollable {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Requires: all of these outlive it; its socket is not blocking.
    http_connection(std::uint64_t number, http_line line, poller& in, http_site& site,
                    http_jobs& jobs);
    ~http_connection() override;
    http_connection(const http_connection&) = delete;
    http_connection& operator=(const http_connection&) = delete;

    /// Sends the response that a job has made; nothing if the job failed.
    void finish(std::optional<http_response> response);
    /// When to call `expire`; `time_point::max()` for never.
    [[nodiscard]] time_point deadline() const noexcept { return deadline_; }
    /// The peer has taken too long.
    void expire() noexcept { close(); }
    /// A closed connection may be destroyed after `poller::dispatch` returns.
    [[nodiscard]] bool is_closed() const noexcept { return phase_ == phase::closed; }

private:
    enum class phase : std::uint8_t {
        reading,    ///< a request
        working,    ///< a thread makes the response
        writing,    ///< the response
        lingering,  ///< our end is closed, and further input is discarded
        closed,
    };

    void ready(interest found) override;
    void receive();
    void answer_requests();
    bool answer_request();
    void respond(const http_response& response);
    void send();
    void linger();
    void discard();
    void close() noexcept;
    void enter(phase next, std::chrono::milliseconds timeout) noexcept;
    void wait_for(interest wanted) noexcept;

    std::uint64_t number_;
    http_line line_;
    poller& poller_;
    http_site& site_;
    http_jobs& jobs_;
    http_parser parser_;
    phase phase_ = phase::reading;
    interest waits_for_;
    time_point deadline_;
    std::string input_;
    std::string output_;
    std::size_t sent_ = 0;
    bool keep_alive_ = false;   // after the current request
    bool only_header_ = false;  // of the response
    std::size_t discarded_ = 0;
};

}  // namespace framewire
