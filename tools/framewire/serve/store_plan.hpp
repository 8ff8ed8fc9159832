#pragma once

#include "framewire/core/result.hpp"
#include "framewire/service/service.hpp"
#include "store/nats_forwarder.hpp"
#include "store/nats_relay.hpp"
#include "store/replay_service.hpp"
#include "store/store.hpp"
#include "store/store_site.hpp"
#include "store/store_spec.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace framewire {

/// The services `store:FILE`, `replay:FILE` and `relay:nats://HOST/SUBJECT`, before and after what
/// they need is opened.
class store_plan {
public:
    /// Null if `spec` is another service. What ends a conversation of `protocol_service` ends one
    /// of this, too.
    static result<std::optional<store_plan>> parse(std::string_view spec,
                                                   std::string_view protocol_service);

    /// Opens the file: from here on it belongs to this process, which answers others that read it;
    /// `replay` reads it from the process that has it open.
    result<service_factory> open(bool accepts_loss, nats_forwarder::log notices);

    /// What a person should know. Requires: it has been opened.
    [[nodiscard]] std::vector<std::string> notices() const;
    /// What `store:FILE` has opened; else null.
    [[nodiscard]] const std::shared_ptr<store>& opened() const noexcept { return store_; }
    /// What forwards its messages to NATS; null if nothing does.
    [[nodiscard]] const std::shared_ptr<nats_forwarder>& forwarder() const noexcept {
        return forwarder_;
    }

private:
    store_plan(store_spec spec, store_settings settings)
        : spec_(std::move(spec)), settings_(std::move(settings)) {}
    explicit store_plan(replay_spec spec) : spec_(std::move(spec)) {}
    explicit store_plan(nats_relay_spec spec) : spec_(std::move(spec)) {}

    result<service_factory> open(const store_spec& spec);
    result<service_factory> open(const replay_spec& spec);
    result<service_factory> open(const nats_relay_spec& spec) { return spec.open(log_); }
    result<void> forward(const store_spec& spec);
    void answer_readers(const std::string& path, const std::shared_ptr<store>& opened);

    std::variant<store_spec, replay_spec, nats_relay_spec> spec_;
    store_settings settings_;
    std::shared_ptr<store> store_;
    std::shared_ptr<nats_forwarder> forwarder_;
    nats_forwarder::log log_;
    std::optional<store_site> site_;  // before the store that it shows
    std::vector<std::string> notices_;
};

}  // namespace framewire
