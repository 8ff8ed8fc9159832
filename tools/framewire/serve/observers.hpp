#pragma once

#include "framewire/net/observer.hpp"

#include <vector>

namespace framewire {

/// Notifies several observers of everything, in order.
class observers final : public observer {
public:
    void add(observer& one) { all_.push_back(&one); }

    void on(const peer& who, const occurrence& what) override;
    [[nodiscard]] bool observes_traffic() const noexcept override;

private:
    std::vector<observer*> all_;
};

}  // namespace framewire
