#include "store_plan.hpp"

#include "cli/expression.hpp"
#include "framewire/core/escapes.hpp"
#include "store/store_service.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {
namespace {

using id_finder = std::function<bytes(bytes)>;

bytes first_group(const expression& looked_for, bytes payload) {
    const auto found = looked_for.search(payload);
    if (!found) return {};
    const auto& group = found->places[1];
    const auto& place = group.begin == bytes::npos ? found->places[0] : group;
    return payload.substr(place.begin, place.end - place.begin);
}

result<id_finder> finder_of(const id_part& part) {
    if (part.bytes > 0) {
        return id_finder([size = part.bytes](bytes payload) { return payload.substr(0, size); });
    }
    auto looked_for = expression::parse(part.regex);
    if (!looked_for) return tl::unexpected(looked_for.error());
    return id_finder([looked_for = std::move(*looked_for)](bytes payload) {
        return first_group(looked_for, payload);
    });
}

}  // namespace

result<std::optional<store_plan>> store_plan::parse(std::string_view spec,
                                                    std::string_view protocol_service) {
    if (spec.starts_with(replay_spec::name)) {
        return replay_spec::parse(spec).map(
            [](replay_spec&& read) { return std::optional(store_plan(std::move(read))); });
    }
    if (spec.starts_with(nats_relay_spec::name)) {
        return nats_relay_spec::parse(spec).map(
            [](nats_relay_spec&& read) { return std::optional(store_plan(std::move(read))); });
    }
    if (!spec.starts_with(store_spec::name)) return std::nullopt;
    auto parsed = store_spec::parse(spec);
    if (!parsed) return tl::unexpected(parsed.error());
    constexpr std::string_view key = ",until=";
    const auto at = protocol_service.rfind(key);
    if (parsed->until.empty() && at != std::string_view::npos) {
        auto until = unescape(protocol_service.substr(at + key.size()));
        if (!until) return tl::unexpected(until.error());
        parsed->until = std::move(*until);
    }
    store_settings settings{.ack = parsed->ack, .nack = parsed->nack, .keep = parsed->keep};
    if (parsed->id) {
        auto finds = finder_of(*parsed->id);
        if (!finds) return tl::unexpected(finds.error());
        settings.id = std::move(*finds);
    }
    return store_plan(std::move(*parsed), std::move(settings));
}

result<service_factory> store_plan::open(bool accepts_loss, nats_forwarder::log notices) {
    settings_.accepts_loss = accepts_loss;
    log_ = std::move(notices);
    return std::visit([this](const auto& spec) { return open(spec); }, spec_);
}

result<service_factory> store_plan::open(const store_spec& spec) {
    if (spec.nats) {
        forwarder_ = std::make_shared<nats_forwarder>(*spec.nats);
        settings_.outbox = forwarder_->rules();
    }
    auto opened = store::open(spec.path, settings_);
    if (!opened) return tl::unexpected(opened.error());
    store_ = std::move(*opened);
    const auto now = store_->statistics();
    notices_.push_back(fmt::format("messages are stored in {} ({}), the next one at offset {}",
                                   spec.path, durability_name(now.survives), now.next));
    if (forwarder_) {
        if (auto done = forward(spec); !done) return tl::unexpected(done.error());
    }
    answer_readers(spec.path, store_);
    return service_factory([into = store_, until = spec.until, last = spec.ack.text({})] {
        return std::make_unique<store_service>(into, until, last);
    });
}

result<void> store_plan::forward(const store_spec& spec) {
    const auto& target = *spec.nats;
    if (auto done = forwarder_->start(store_, settings_.accepts_loss, log_); !done) return done;
    const auto now = forwarder_->statistics();
    const auto where = now.replicas == 0   ? std::string("not reached yet")
                       : now.replicas == 1 ? std::string("1 replica")
                                           : fmt::format("{} replicas", now.replicas);
    notices_.push_back(fmt::format(
        "messages are acknowledged in {} and forwarded to the stream {} at {} ({}, {}), {} of "
        "them so far",
        target.waits_for_stream ? "the stream" : spec.path, target.stream, target.shown(), where,
        durability_name(now.survives), now.backlog));
    return {};
}

result<service_factory> store_plan::open(const replay_spec& spec) {
    auto opened = open_source(spec.path);
    if (!opened) return tl::unexpected(opened.error());
    if (opened->own) answer_readers(spec.path, opened->own);
    return service_factory(
        [source = opened->source, shared = std::make_shared<const replay_spec>(spec)] {
            return std::make_unique<replay_service>(source, shared);
        });
}

// Messages are stored also where nobody else can read them meanwhile.
void store_plan::answer_readers(const std::string& path, const std::shared_ptr<store>& opened) {
    auto site = store_site::start(path, opened);
    if (site) {
        site_.emplace(std::move(*site));
    } else {
        notices_.push_back(fmt::format("'framewire store {}' must wait until this server ends: {}",
                                       path, site.error().words));
    }
}

std::vector<std::string> store_plan::notices() const { return notices_; }

}  // namespace framewire
