#include "live_site.hpp"

#include "framewire/core/units.hpp"
#include "framewire/io/address.hpp"
#include "http/http_status.hpp"
#include "live_page.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <string>

namespace framewire {
namespace {

constexpr std::string_view messages_path = "/messages?after=";

http_response page_response(int status, std::string type, std::string body) {
    return {.status = status,
            .fields = {{"Content-Type", std::move(type)},
                       {"Cache-Control", "no-store"},
                       {"Content-Security-Policy",
                        live_page_policy(true) + "; frame-ancestors 'none'"},
                       {"X-Content-Type-Options", "nosniff"},
                       {"Referrer-Policy", "no-referrer"},
                       {"Cross-Origin-Resource-Policy", "same-origin"},
                       {"Cross-Origin-Opener-Policy", "same-origin"}},
            .body = std::move(body)};
}

// Another site's name for this address (DNS rebinding) would give its pages our origin. Such a
// name has letters; a number has none, nor has `localhost` another owner.
bool is_ours(const http_request& request) {
    if (request.count("host") != 1) return false;
    auto host = request.value("host");
    if (host.starts_with('[')) return host.find(']') != std::string_view::npos;
    host = host.substr(0, host.find(':'));
    return host == "localhost" || std::ranges::all_of(host, [](char one) {
               return one == '.' || (one >= '0' && one <= '9');
           });
}

}  // namespace

json_value live_site::data(std::uint64_t after) const {
    return json_value::object({{"facts", facts_()}, {"recent", recent_.since(after)}});
}

std::variant<http_response, http_work> live_site::answer(const http_request& request) {
    if (control_ != nullptr && request.target == "/faults") return control_->answer(request);
    if (!is_ours(request)) {
        return refuse(http_status::forbidden, "a number or localhost is the name of this page");
    }
    const std::string_view target = request.target;
    const bool is_page = target == "/";
    if (!is_page && !target.starts_with(messages_path)) {
        return refuse(http_status::not_found, "the page is /");
    }
    if (request.method != "GET" && request.method != "HEAD") {
        auto response = refuse(http_status::method_not_allowed, "the page is only to be read");
        response.fields.push_back({"Allow", "GET, HEAD"});
        return response;
    }
    if (!is_page) {
        const auto after = parse_number(target.substr(messages_path.size()));
        if (!after) return refuse(http_status::not_found, "after which?");
        return page_response(http_status::ok, "application/json", data(*after).dump());
    }
    auto all = data(0);
    all["live"] = true;
    return page_response(http_status::ok, "text/html; charset=utf-8", live_page(all));
}

http_response live_site::refuse(int status, std::string_view words) const {
    return page_response(status, "text/plain; charset=utf-8", fmt::format("{}\n", words));
}

}  // namespace framewire
