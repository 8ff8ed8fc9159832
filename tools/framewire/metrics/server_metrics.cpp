#include "server_metrics.hpp"

#include "exposition.hpp"
#include "store_metrics.hpp"
#include "system_usage.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>

namespace framewire {
namespace {

double number(std::uint64_t value) { return static_cast<double>(value); }

void add_connections(exposition& to, const server_snapshot& now) {
    const auto& counts = now.statistics;
    to.gauge("framewire_ready", "1 while new connections are accepted, 0 while draining.",
             now.accepts ? 1 : 0);
    to.counter("framewire_connections_accepted_total", "Connections accepted.", counts.accepted);
    to.gauge("framewire_connections_open", "Connections open now.", number(counts.open));
    to.gauge("framewire_connections_max", "Connections that may be open, --max-connections.",
             number(now.statistics.connections_max));
    to.begin("framewire_connections_closed_total", "counter",
             "Connections that are over, by who ended them.");
    const auto closed = [&](std::string_view reason, close_reason::kind kind) {
        to.sample("reason", reason, number(counts.closed.at(static_cast<std::size_t>(kind))));
    };
    closed("peer", close_reason::kind::by_peer);
    closed("service", close_reason::kind::by_service);
    closed("drain", close_reason::kind::by_drain);
    closed("error", close_reason::kind::by_error);
    to.counter("framewire_connections_refused_total",
               "Connections that ended before a service knew them.", counts.refused);
    to.counter("framewire_handshakes_total", "TLS handshakes completed.", counts.handshakes);
    to.histogram("framewire_handshake_seconds",
                 "Time from accepting a connection to the end of its TLS handshake.",
                 counts.handshake_time);
    to.begin("framewire_errors_total", "counter",
             "Connections refused or ended by an error, by its name (docs/errors.md).");
    for (std::size_t i = 1; i < counts.failures.size(); ++i) {
        to.sample("error", error_name(static_cast<errc>(i)), number(counts.failures.at(i)));
    }
}

void add_messages(exposition& to, const server_statistics& counts) {
    to.counter("framewire_frames_received_total", "Frames received.", counts.frames);
    to.counter("framewire_frames_skipped_total", "Frames discarded for their size.",
               counts.skipped);
    to.counter("framewire_received_bytes_total", "Bytes received.", counts.bytes_received);
    to.counter("framewire_sent_bytes_total", "Bytes sent.", counts.bytes_sent);
    to.counter("framewire_pushed_messages_dropped_total",
               "Pushed messages that did not reach a peer, counted when its connection ends.",
               counts.dropped);
    to.histogram("framewire_service_seconds", "Time that the service took for a message.",
                 counts.service_time);
    to.histogram("framewire_deferred_reply_seconds", "Time from deferring a reply to giving it.",
                 counts.deferred_time);
}

void add_queues(exposition& to, const std::vector<surveyed_loop>& loops) {
    loop_load sum;
    for (const auto& one : loops) {
        sum.handshaking += one.load.handshaking;
        sum.queued_bytes += one.load.queued_bytes;
        sum.queued_bytes_largest =
            std::max(sum.queued_bytes_largest, one.load.queued_bytes_largest);
        sum.pushed_bytes += one.load.pushed_bytes;
        sum.deferred_replies += one.load.deferred_replies;
        sum.not_read += one.load.not_read;
    }
    to.gauge("framewire_connections_handshaking",
             "Connections whose TLS handshake or PROXY header is not complete.",
             number(sum.handshaking));
    to.gauge("framewire_queued_bytes", "Replies that peers have not taken yet.",
             number(sum.queued_bytes));
    to.gauge("framewire_queued_bytes_largest", "The most of them for one connection.",
             number(sum.queued_bytes_largest));
    to.gauge("framewire_pushed_bytes", "Pushed messages that wait for room in a queue.",
             number(sum.pushed_bytes));
    to.gauge("framewire_deferred_replies", "Replies that the service owes.",
             number(sum.deferred_replies));
    to.gauge("framewire_connections_not_read",
             "Connections not read from, until their replies are given or taken.",
             number(sum.not_read));
}

void add_loops(exposition& to, const server_snapshot& now) {
    to.begin("framewire_loop_connections", "gauge", "Connections of each event loop.");
    for (std::size_t i = 0; i < now.loops.size(); ++i) {
        to.sample("loop", fmt::format("{}", i), number(now.loops.at(i).load.connections));
    }
    to.begin("framewire_loop_lag_seconds", "gauge",
             "Time until each event loop could answer this request.");
    for (std::size_t i = 0; i < now.loops.size(); ++i) {
        const std::chrono::duration<double> lag = now.loops.at(i).lag;
        to.sample("loop", fmt::format("{}", i), lag.count());
    }
    to.histogram("framewire_loop_cycle_seconds",
                 "Time from waking up to waiting again, of all event loops.",
                 now.statistics.loop_time);
    to.gauge("framewire_memory_held_bytes", "Memory held for all peers.",
             number(now.statistics.memory_held));
    to.gauge("framewire_memory_max_bytes", "Memory that may be held, --max-memory.",
             number(now.statistics.memory_max));
    to.counter("framewire_log_lines_left_out_total", "Lines of the log over --log-rate.",
               now.log_lines_left_out);
    to.counter("framewire_observations_lost_total",
               "Notifications of consoles and logs lost for lack of memory.",
               now.statistics.unobserved);
}

// Named as all clients of Prometheus name them.
void add_usage(exposition& to, const system_usage& now) {
    to.begin("process_cpu_seconds_total", "counter", "User and system CPU time.");
    to.sample({}, {}, now.cpu_seconds);
    to.gauge("process_start_time_seconds", "Start time since the epoch.", now.start_seconds);
    to.gauge("process_resident_memory_bytes", "Resident memory.", number(now.resident_bytes));
    to.gauge("process_virtual_memory_bytes", "Virtual memory.", number(now.virtual_bytes));
    to.gauge("process_open_fds", "Open file descriptors.", number(now.descriptors));
    to.gauge("process_max_fds", "File descriptors that may be open.", number(now.descriptors_max));
    to.gauge("process_threads", "Threads.", number(now.threads));
}

}  // namespace

std::string server_metrics(const server_snapshot& now) {
    exposition all;
    add_connections(all, now);
    add_messages(all, now.statistics);
    add_queues(all, now.loops);
    add_loops(all, now);
    if (now.store) add_store_metrics(all, *now.store);
    if (now.nats) add_nats_metrics(all, *now.nats);
    all.begin("framewire_build_info", "gauge", "The version of framewire.");
    all.sample("version", FRAMEWIRE_VERSION, 1);
    add_usage(all, usage_now());
    return all.text();
}

}  // namespace framewire
