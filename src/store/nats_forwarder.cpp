#include "nats_forwarder.hpp"

#include "nats_worker.hpp"

#include <algorithm>
#include <utility>

namespace framewire {

std::string nats_target::shown(std::string_view servers) {
    std::string all;
    for (std::size_t begin = 0; begin < servers.size();) {
        const auto end = std::min(servers.find(',', begin), servers.size());
        const auto one = servers.substr(begin, end - begin);
        const auto at = one.rfind('@');
        if (!all.empty()) all += ',';
        all += one.substr(at == std::string_view::npos ? 0 : at + 1);
        begin = end + 1;
    }
    return all;
}

nats_forwarder::nats_forwarder(nats_target target)
    : target_(std::move(target)),
      payload_bytes_max_(std::make_shared<std::atomic<std::size_t>>(0)),
      held_(std::make_shared<held_replies>()) {}

nats_forwarder::~nats_forwarder() = default;

outbox_rules nats_forwarder::rules() const {
    outbox_rules rules{payload_bytes_max_};
    if (target_.waits_for_stream) {
        rules.hold = [held = held_](held_reply one) { held->hold(std::move(one)); };
    }
    return rules;
}

result<void> nats_forwarder::start(std::shared_ptr<store> outbox, bool accepts_loss, log notices) {
    outbox_survives_ = outbox->statistics().survives;
    auto started = nats_worker::start(
        {target_, payload_bytes_max_, held_, std::move(notices), accepts_loss}, std::move(outbox));
    if (!started) return tl::unexpected(started.error());
    worker_ = std::move(*started);
    return {};
}

nats_statistics nats_forwarder::statistics() const {
    if (!worker_) return {};
    auto shown = worker_->statistics();
    shown.survives = survives(shown.replicas > 0 ? shown.replicas : target_.replicas);
    return shown;
}

// A server of NATS confirms what the system has, and lets it be written to the disk within two
// minutes: until then, only another machine, or our disk, has what a power cut would take.
durability nats_forwarder::survives(std::int64_t replicas) const {
    constexpr std::chrono::minutes written_within{2};
    if (outbox_survives_ != durability::power_fail) return outbox_survives_;
    if (replicas > 1) {
        return target_.waits_for_stream ? durability::replicated : durability::power_fail;
    }
    return target_.linger > written_within ? durability::power_fail : durability::process_crash;
}

}  // namespace framewire
