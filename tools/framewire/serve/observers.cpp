#include "observers.hpp"

#include <algorithm>

namespace framewire {

void observers::on(const peer& who, const occurrence& what) {
    for (auto* one : all_) one->on(who, what);
}

bool observers::observes_traffic() const noexcept {
    return std::ranges::any_of(all_, &observer::observes_traffic);
}

}  // namespace framewire
