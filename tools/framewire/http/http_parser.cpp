#include "http_parser.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cctype>
#include <cstdint>
#include <utility>

namespace framewire {
namespace {

namespace http = boost::beast::http;

// A form is text by a person; a browser's headers are a few KiB at most.
constexpr std::size_t body_bytes_max = 64 * KiB;
constexpr std::uint32_t header_bytes_max = 16 * KiB;

http_fault fault_for(const boost::beast::error_code& error) {
    const auto refuse = [](http::status status, std::string_view words) {
        return http_fault{static_cast<int>(status), words};
    };
    if (error == http::error::body_limit) {
        return refuse(http::status::payload_too_large, "the form is too large");
    }
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return refuse(http::status::request_header_fields_too_large, "the header is too large");
    }
    return refuse(http::status::bad_request, "this is no HTTP request");
}

std::string lower_case(std::string_view name) {
    std::string out;
    for (const char one : name) {
        out += static_cast<char>(std::tolower(static_cast<unsigned char>(one)));
    }
    return out;
}

}  // namespace

struct http_parser::state {
    state() {
        parser.header_limit(header_bytes_max);
        parser.body_limit(body_bytes_max);
        parser.eager(true);
    }

    http_request take() {
        auto& message = parser.get();
        http_request request{.method = std::string(message.method_string()),
                             .target = std::string(message.target()),
                             .fields = {},
                             .body = std::move(message.body()),
                             .keep_alive = message.keep_alive()};
        for (const auto& field : message) {
            request.fields.push_back(
                {lower_case(field.name_string()), std::string(field.value())});
        }
        return request;
    }

    http::request_parser<http::string_body> parser;
};

http_parser::http_parser() : state_(std::make_unique<state>()) {}
http_parser::~http_parser() = default;

tl::expected<std::optional<http_request>, http_fault> http_parser::next(std::string& input) {
    auto& parser = state_->parser;
    while (!parser.is_done()) {
        if (input.empty()) return std::nullopt;
        boost::beast::error_code error;
        const auto size = parser.put(boost::asio::buffer(std::as_const(input)), error);
        input.erase(0, size);
        if (error == http::error::need_more) return std::nullopt;
        if (error) return tl::unexpected(fault_for(error));
    }
    auto request = state_->take();
    state_ = std::make_unique<state>();
    return request;
}

std::string print_response(const http_response& response, bool keep_alive, bool only_header) {
    const auto status = static_cast<unsigned>(response.status);
    const auto reason = http::obsolete_reason(http::int_to_status(status));
    auto text = fmt::format("HTTP/1.1 {} {}\r\n", status, std::string_view(reason));
    for (const auto& [name, value] : response.fields) {
        text += fmt::format("{}: {}\r\n", name, value);
    }
    text += fmt::format("Content-Length: {}\r\n", response.body.size());
    if (!keep_alive) text += "Connection: close\r\n";
    text += "\r\n";
    if (!only_header) text += response.body;
    return text;
}

}  // namespace framewire
