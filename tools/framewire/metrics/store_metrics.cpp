#include "store_metrics.hpp"

#include <chrono>

namespace framewire {

void add_store_metrics(exposition& to, const store_statistics& now) {
    const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
    to.begin("framewire_store_info", "gauge", "What an acknowledged message survives.");
    to.sample("durability", durability_name(now.survives), 1);
    to.gauge("framewire_store_writable", "1 while messages are stored, 0 while they are refused.",
             now.trouble ? 0 : 1);
    to.counter("framewire_store_messages_total", "Messages stored.", now.stored);
    to.counter("framewire_store_payload_bytes_total", "Payload bytes stored.", now.stored_bytes);
    to.counter("framewire_store_repeated_total", "Messages that were stored before.",
               now.repeated);
    to.begin("framewire_store_refused_total", "counter",
             "Messages that were not stored, by error (docs/errors.md).");
    for (std::size_t i = 1; i < now.refused.size(); ++i) {
        const auto name = error_name(static_cast<errc>(i));
        if (name.starts_with("store.")) to.sample("error", name, number(now.refused.at(i)));
    }
    to.counter("framewire_store_trimmed_total", "Messages deleted, as keep= does not keep them.",
               now.trimmed);
    to.gauge("framewire_store_waiting", "Messages that wait to be stored.", number(now.waiting));
    to.gauge("framewire_store_first_offset", "Offset of the oldest message.", number(now.first));
    to.gauge("framewire_store_next_offset", "Offset of the next message.", number(now.next));
    to.gauge("framewire_store_used_bytes", "Bytes of the file that are used.",
             number(now.used_bytes));
    to.histogram("framewire_store_commit_seconds",
                 "Time of a transaction, from its beginning until it is on the disk.",
                 now.commit_time);
    to.histogram("framewire_store_upkeep_seconds",
                 "Time of upkeep, for which messages wait: checkpoints, deletions.",
                 now.upkeep_time);
}

void add_nats_metrics(exposition& to, const nats_statistics& now) {
    const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
    to.gauge("framewire_nats_connected", "1 while a server of NATS answers.",
             now.is_connected ? 1 : 0);
    to.gauge("framewire_nats_forwarding", "1 while messages are forwarded, 0 while that fails.",
             now.is_connected && !now.trouble ? 1 : 0);
    to.gauge("framewire_nats_replicas", "Replicas of the stream; 0 before they are known.",
             static_cast<double>(now.replicas));
    to.gauge("framewire_nats_backlog", "Messages that are not known to be in the stream.",
             number(now.backlog));
    to.gauge("framewire_nats_waiting_replies", "Replies that wait for the stream.",
             number(now.waiting_replies));
    to.counter("framewire_nats_connections_total", "Connections that were made.", now.connections);
    to.counter("framewire_nats_forwarded_total", "Messages that the stream has confirmed.",
               now.forwarded);
    to.counter("framewire_nats_repeated_total", "Of them, those that it had already.",
               now.repeated);
    to.counter("framewire_nats_failed_total", "Attempts to forward a message that failed.",
               now.failed);
    to.counter("framewire_nats_full_total", "Of them, as the stream was full.", now.full);
}

}  // namespace framewire
