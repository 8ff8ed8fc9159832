#pragma once

#include "configuration.hpp"
#include "framewire/net/server.hpp"
#include "init/notifier.hpp"
#include "init/successor.hpp"
#include "server_log.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace framewire {

/// A configuration, and the settings of a server and its log that are in it.
struct read_configuration {
    std::shared_ptr<const configuration> read;
    server_settings settings;
    log_settings log{};
};

/// What its operator and the init system may ask of a running server: to read its configuration
/// again, to be replaced by another process, to stop.
class operation {
public:
    struct parts {
        server& of;
        server_log& log;
        const notifier& init;
        successor& next;
        /// What the server was started with.
        read_configuration started;
        /// Reads it again; throws `usage_error`.
        std::function<read_configuration()> read;
        /// For how long a process that was replaced serves its connections.
        std::chrono::milliseconds hand_over;
        /// What makes room for the next process; called on any thread.
        std::function<void()> leaving;
    };

    /// Requires: what the parts refer to outlives this, and `handle_signals` is called once.
    explicit operation(parts of) : parts_(std::move(of)), last_(parts_.started.read) {}
    operation(const operation&) = delete;
    operation& operator=(const operation&) = delete;
    ~operation() { parts_.next.give_up(); }

    void handle_signals();

private:
    void reload();
    void replace();
    void be_replaced(const result<int>& process);
    [[nodiscard]] bool is_reloadable() const;

    parts parts_;
    std::shared_ptr<const configuration> last_;
};

}  // namespace framewire
