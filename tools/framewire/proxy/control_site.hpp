#pragma once

#include "http/http_message.hpp"
#include "live_faults.hpp"

#include <string_view>
#include <variant>

namespace framewire {

/// Shows and changes the faults of a proxy over HTTP, as JSON: `GET`, `PUT` and `DELETE` of
/// `/faults`. Not for browsers: whatever page they show could ask.
class control_site final : public http_site {
public:
    /// Requires: `of` outlives this.
    explicit control_site(live_faults& of) : faults_(of) {}

    std::variant<http_response, http_work> answer(const http_request& request) override;
    [[nodiscard]] http_response refuse(int status, std::string_view words) const override;

private:
    [[nodiscard]] http_response show() const;
    http_response replace(std::string_view body);

    live_faults& faults_;
};

}  // namespace framewire
