#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace framewire {

struct http_field {
    std::string name;
    std::string value;
};

struct http_request {
    std::string method;
    std::string target;
    /// Names are in lower case. A name may occur several times.
    std::vector<http_field> fields;
    std::string body;
    /// Whether the peer may send another request after this one.
    bool keep_alive = false;

    [[nodiscard]] std::size_t count(std::string_view name) const;
    /// The first with this name; empty if there is none.
    [[nodiscard]] std::string_view value(std::string_view name) const;
};

struct http_response {
    int status = 200;
    /// Without `Content-Length` and `Connection`, which the server writes.
    std::vector<http_field> fields;
    std::string body;
};

/// Makes a response that takes time. Runs on a thread of its own; should return soon after a stop
/// request. If it throws, the connection is closed.
using http_work = std::function<http_response(std::stop_token)>;

/// Makes the responses of a server.
class http_site {
public:
    virtual ~http_site() = default;
    virtual std::variant<http_response, http_work> answer(const http_request& request) = 0;
    /// For input that is not a request, and for a request that cannot be served now.
    [[nodiscard]] virtual http_response refuse(int status, std::string_view words) const = 0;
};

}  // namespace framewire
