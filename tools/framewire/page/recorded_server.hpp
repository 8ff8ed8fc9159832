#pragma once

#include "framewire/net/server.hpp"
#include "framewire/transcript/printer.hpp"
#include "framewire/transcript/transcript.hpp"
#include "io/sockets.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace framewire {

/// A server on a loopback port and in a thread of its own, which records the conversation with its
/// peer.
class recorded_server final : public observer {
public:
    explicit recorded_server(const framing& frames);
    recorded_server(const recorded_server&) = delete;
    recorded_server& operator=(const recorded_server&) = delete;
    ~recorded_server() override { stop(); }

    [[nodiscard]] result<void> start(const service_factory& service);
    /// Ends at once, and returns when the recording is complete.
    void stop();

    /// Requires: started.
    [[nodiscard]] endpoint local() const { return server_->local(); }
    /// A descriptor that becomes readable when something was recorded.
    [[nodiscard]] int changed() const noexcept { return changed_.get(); }
    void signal_change() const noexcept;
    /// Makes it unreadable until the next change.
    void take_changes() const noexcept;
    [[nodiscard]] std::uint64_t bytes_received() const;
    /// True once the connection is closed.
    [[nodiscard]] bool has_closed() const;

    /// The recorded lines and text of the console. Requires: stopped.
    [[nodiscard]] const transcript& conversation() const noexcept { return conversation_; }
    [[nodiscard]] const std::string& console() const noexcept { return console_; }

private:
    void on(const peer& who, const occurrence& what) override;
    void record_closed(const close_reason& why);

    void add(transcript_line::kind what, bytes text = {});

    mutable std::mutex mutex_;
    transcript conversation_;
    std::string console_;
    transcript_printer printer_{time_point{}};
    std::uint64_t bytes_received_ = 0;
    bool has_closed_ = false;
    owned_descriptor changed_;  // an eventfd
    std::optional<server> server_;
    std::thread thread_;
};

}  // namespace framewire
