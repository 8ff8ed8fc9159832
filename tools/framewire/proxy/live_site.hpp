#pragma once

#include "control_site.hpp"
#include "http/http_message.hpp"
#include "recent_messages.hpp"

#include <functional>
#include <string_view>
#include <utility>
#include <variant>

namespace framewire {

/// Serves the page of a proxy, and to that page what passes: `/messages?after=N`. With a control
/// site, also its `/faults`.
class live_site final : public http_site {
public:
    /// `facts` returns what the page says of the proxy. `control` may be null. Requires: all
    /// outlive this.
    live_site(const recent_messages& recent, std::function<json_value()> facts,
              control_site* control)
        : recent_(recent), facts_(std::move(facts)), control_(control) {}

    std::variant<http_response, http_work> answer(const http_request& request) override;
    [[nodiscard]] http_response refuse(int status, std::string_view words) const override;

    [[nodiscard]] bool has_control() const noexcept { return control_ != nullptr; }
    /// What the page shows: all, or what follows the entry with this number.
    [[nodiscard]] json_value data(std::uint64_t after) const;

private:
    const recent_messages& recent_;
    std::function<json_value()> facts_;
    control_site* control_;
};

}  // namespace framewire
