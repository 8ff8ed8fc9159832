#include "control_site.hpp"

#include "cli/json.hpp"
#include "http/http_status.hpp"
#include "http/http_thread.hpp"

#include <string>
#include <utility>
#include <vector>

namespace framewire {
namespace {

http_response json_response(int status, const json_value& data) {
    return plain_response(status, "application/json", data.dump(json_layout::spaced) + "\n");
}

}  // namespace

std::variant<http_response, http_work> control_site::answer(const http_request& request) {
    if (request.count("origin") > 0)
        return refuse(http_status::forbidden, "this is not for browsers");
    if (request.target != "/faults") return refuse(http_status::not_found, "there is /faults");
    if (request.method == "GET" || request.method == "HEAD") return show();
    if (request.method == "PUT") return replace(request.body);
    if (request.method == "DELETE") {
        faults_.replace({}, faults_.now()->seed);
        return show();
    }
    auto response = refuse(http_status::method_not_allowed,
                           "GET shows the faults, PUT and DELETE replace them");
    response.fields.push_back({"Allow", "GET, HEAD, PUT, DELETE"});
    return response;
}

http_response control_site::refuse(int status, std::string_view words) const {
    return json_response(status, json_value::object({{"message", std::string(words)}}));
}

http_response control_site::show() const {
    const auto now = faults_.now();
    auto specs = json_value::list();
    for (const auto& one : now->faults) specs.push_back(one.spec);
    return json_response(http_status::ok,
                         json_value::object({{"seed", now->seed}, {"faults", specs}}));
}

// All of them, or none.
http_response control_site::replace(std::string_view body) {
    const auto wanted = json_value::parse(body);
    const auto* const specs = wanted ? wanted->find("faults") : nullptr;
    if (specs == nullptr)
        return refuse(http_status::unprocessable, R"(expected {"faults": ["drop 1%"]})");
    std::vector<fault> all;
    for (const auto& one : specs->items()) {
        const auto* const spec = one.text();
        if (spec == nullptr)
            return refuse(http_status::unprocessable, "a fault is a text, such as 'drop 1%'");
        auto parsed = fault::parse(*spec);
        if (!parsed) return refuse(http_status::unprocessable, parsed.error().message());
        all.push_back(*std::move(parsed));
    }
    auto seed = faults_.now()->seed;
    if (const auto* const given = wanted->find("seed"); given != nullptr) {
        const auto number = given->number();
        if (!number || *number < 0)
            return refuse(http_status::unprocessable, "a seed is a number");
        seed = static_cast<std::uint64_t>(*number);
    }
    faults_.replace(std::move(all), seed);
    return show();
}

}  // namespace framewire
