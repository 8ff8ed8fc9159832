#pragma once

#include "exposition.hpp"
#include "store/nats_forwarder.hpp"
#include "store/store.hpp"

namespace framewire {

/// Adds what is known of the store of the service `store:FILE`.
void add_store_metrics(exposition& to, const store_statistics& now);
/// The same, if it forwards its messages.
void add_nats_metrics(exposition& to, const nats_statistics& now);

}  // namespace framewire
