#pragma once

#include "http_message.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace framewire {

/// Why a request is refused.
struct http_fault {
    int status;
    std::string_view words;
};

/// Parses requests in a stream of bytes. Bounds the sizes of header and body.
class http_parser {
public:
    http_parser();
    ~http_parser();

    /// Removes bytes of a request from the beginning of `input`, which continues where the last
    /// call ended. Returns the request when it is complete, nothing while more bytes are needed.
    /// Nothing can be parsed after a fault.
    [[nodiscard]] tl::expected<std::optional<http_request>, http_fault> next(std::string& input);

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// The bytes of a response. `only_header`, for `HEAD`, omits the body but not its length.
[[nodiscard]] std::string print_response(const http_response& response, bool keep_alive,
                                         bool only_header);

}  // namespace framewire
