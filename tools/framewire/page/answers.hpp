#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <string>

namespace framewire {

using page_request = boost::beast::http::request<boost::beast::http::string_body>;
using page_response = boost::beast::http::response<boost::beast::http::string_body>;

/// What a page's server says: the page, walkthroughs, conversations with a real server. Trusts no
/// request: other pages of the same browser can send some, under a name of their own too.
class page_answers {
public:
    page_answers(std::string page, std::uint16_t port);

    [[nodiscard]] boost::asio::awaitable<page_response> answer(const page_request& request);
    /// For what is no request.
    [[nodiscard]] static page_response refuse(boost::beast::http::status why,
                                              const std::string& words);

private:
    [[nodiscard]] bool is_for_us(const page_request& request) const;
    [[nodiscard]] bool is_from_us(const page_request& request) const;
    [[nodiscard]] page_response show_page(const page_request& request) const;
    [[nodiscard]] boost::asio::awaitable<page_response> send(const std::string& form);

    std::string page_;
    std::string numeric_;
    std::string named_;
    int sending_ = 0;
};

}  // namespace framewire
