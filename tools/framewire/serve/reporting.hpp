#pragma once

#include "cli/event_options.hpp"
#include "cli/json_log.hpp"
#include "cli/output.hpp"
#include "cli/protocols.hpp"
#include "cli/transcript_log.hpp"
#include "connection_log.hpp"
#include "framewire/net/server.hpp"
#include "observers.hpp"
#include "server_console.hpp"
#include "server_log.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// What `serve` prints.
struct reporting_options {
    bool quiet = false;
    int verbosity = 0;
    event_options events{};
    log_settings log{};

    /// Throws `usage_error` if they exclude each other.
    void check() const;
};

/// Everything that `serve` prints, and the outputs that it is written to: on standard output the
/// console of a protocol or JSON, on standard error the log, and transcripts.
class reporting {
public:
    /// Requires: the options are those of one command line.
    reporting(const reporting_options& options, const framing& frames, const protocol& wording);

    /// Makes the threads that write. Fails if they cannot be had; then nothing may be written.
    [[nodiscard]] result<void> start();
    /// The server listens there. Where the system chose the port, some line names it.
    void started(const endpoint& at, bool is_chosen);
    /// It listens there, too.
    void also_listening(const endpoint& at);
    /// The server has stopped.
    void finished(const server_statistics& done);
    /// Why `serve` cannot continue.
    void failed(const failure& why);

    [[nodiscard]] framewire::observer& observer() noexcept { return all_; }
    [[nodiscard]] server_log& log() noexcept { return log_; }
    /// Lines of the log left out so far. Thread-safe.
    [[nodiscard]] std::uint64_t left_out() const noexcept { return connections_.left_out(); }

private:
    void log_listening(const endpoint& at);
    [[nodiscard]] output& error_output() noexcept {
        return is_one_ ? console_output_ : separate_errors_;
    }
    [[nodiscard]] bool shows_console() const noexcept {
        return !options_.quiet && !options_.events.json;
    }

    reporting_options options_;
    const server_wording& wording_;
    const std::string protocol_;
    bool is_one_;  // both go to the same place
    output console_output_;
    output separate_errors_;
    server_log log_;
    server_console console_;
    json_log json_;
    transcript_log transcripts_;
    connection_log connections_;
    observers all_;
};

}  // namespace framewire
