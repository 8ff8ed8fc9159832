#pragma once

#include "http/http_message.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace framewire {

/// The site of a served page: the page, walkthroughs, conversations with a real server. Trusts no
/// request: other pages in the same browser can send requests, even with another name of this
/// machine.
class page_answers final : public http_site {
public:
    /// `scheme` is that of its address: http or https.
    page_answers(std::string page, std::string_view scheme, std::uint16_t port);

    std::variant<http_response, http_work> answer(const http_request& request) override;
    [[nodiscard]] http_response refuse(int status, std::string_view words) const override;

private:
    using answered = std::variant<http_response, http_work>;

    [[nodiscard]] bool is_for_us(const http_request& request) const;
    [[nodiscard]] bool is_from_us(const http_request& request) const;
    [[nodiscard]] http_response show_page(const http_request& request) const;
    [[nodiscard]] answered send(const std::string& form);

    std::string page_;
    std::string scheme_;
    std::string numeric_;
    std::string named_;
    std::atomic<int> sending_ = 0;
};

}  // namespace framewire
