#pragma once

#include "http_message.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace framewire {

/// Why bytes are no request that is answered.
struct http_fault {
    int status;
    std::string_view words;
};

/// Finds requests in a stream of bytes. Bounds the size of a header and of a body.
class http_parser {
public:
    http_parser();
    ~http_parser();

    /// Takes bytes of a request from the front of `input`, which begins where the call before
    /// left off. Returns the request when it is complete, nothing while more bytes are needed.
    /// What follows a fault cannot be parsed.
    [[nodiscard]] tl::expected<std::optional<http_request>, http_fault> next(std::string& input);

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// The bytes of a response. `only_header`, for `HEAD`, leaves out the body but not its length.
[[nodiscard]] std::string print_response(const http_response& response, bool keep_alive,
                                         bool only_header);

}  // namespace framewire
