#pragma once

#include "exposition.hpp"
#include "store/store.hpp"

namespace framewire {

/// Adds what is known of the store of the service `store:FILE`.
void add_store_metrics(exposition& to, const store_statistics& now);

}  // namespace framewire
