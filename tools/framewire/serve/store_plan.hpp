#pragma once

#include "framewire/core/result.hpp"
#include "framewire/service/service.hpp"
#include "store/store.hpp"
#include "store/store_spec.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// The service `store:FILE`, before and after its file is opened.
class store_plan {
public:
    /// Null if `spec` is another service. What ends a conversation of `protocol_service` ends one
    /// of this, too.
    static result<std::optional<store_plan>> parse(std::string_view spec,
                                                   std::string_view protocol_service);

    /// Opens the file: from here on it belongs to this process.
    result<service_factory> open(bool accepts_loss);

    /// `messages are stored in orders.db (power-fail)`. Requires: it has been opened.
    [[nodiscard]] std::string banner() const;
    /// Null before it has been opened.
    [[nodiscard]] const std::shared_ptr<store>& opened() const noexcept { return store_; }

private:
    store_plan(store_spec spec, store_settings settings)
        : spec_(std::move(spec)), settings_(std::move(settings)) {}

    store_spec spec_;
    store_settings settings_;
    std::shared_ptr<store> store_;
};

}  // namespace framewire
