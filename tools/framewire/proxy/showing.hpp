#pragma once

#include "cli/json_log.hpp"
#include "cli/output.hpp"
#include "cli/transcript_log.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/core/units.hpp"
#include "passing_options.hpp"
#include "proxy_plan.hpp"
#include "recent_messages.hpp"
#include "recording.hpp"
#include "sides.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace framewire {

/// All that shows what passes: the transcript, events, recordings, the page, and lines about
/// faults and errors.
class showing {
public:
    /// Requires: `options` outlives it. `server` is the framing of what the server is sent.
    showing(const passing_options& options, const framing& client, const framing& server);

    [[nodiscard]] result<void> start();

    /// Whom the server that accepts clients notifies.
    [[nodiscard]] observer& clients() noexcept { return clients_; }
    /// What passages notify of. `may_change`: the server is perhaps sent something else than what
    /// the client sends.
    void connect(proxy_plan& plan, bool may_change);

    [[nodiscard]] const recent_messages& recent() const noexcept { return recent_; }
    [[nodiscard]] output& errors() noexcept { return is_one_ ? out_ : separate_errors_; }
    [[nodiscard]] output& results() noexcept { return out_; }

private:
    static constexpr std::size_t shown_bytes_max = 64 * KiB;

    [[nodiscard]] json_log::settings events_of(json_log::settings::opened_by whom,
                                               std::string_view side);
    void say(std::string_view words);
    void report_fault(const peer& client, end_of to, std::uint64_t message, std::string_view what);

    const passing_options& options_;
    bool is_one_;  // both outputs go to the same place
    output out_;
    output separate_errors_;
    transcript_log transcripts_;
    json_log json_;
    json_log server_json_;
    recording recording_;
    recent_messages recent_;
    client_side clients_;
    client_traffic traffic_;
    server_side server_traffic_;
};

}  // namespace framewire
