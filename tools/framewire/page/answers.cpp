#include "answers.hpp"

#include "form.hpp"
#include "http/http_status.hpp"
#include "real_exchange.hpp"
#include "walk_json.hpp"
#include "walk_page.hpp"

#include <fmt/format.h>
#include <memory>
#include <utility>

namespace framewire {
namespace {

// Each has a server and threads; a person waits for one at a time.
constexpr int sending_max = 4;

http_response respond(int status, std::string type, std::string body) {
    return {.status = status,
            .fields = {{"Content-Type", std::move(type)},
                       {"Cache-Control", "no-store"},
                       {"Content-Security-Policy",
                        walk_page_policy(true) + "; frame-ancestors 'none'"},
                       {"X-Content-Type-Options", "nosniff"},
                       {"Referrer-Policy", "no-referrer"},
                       {"Cross-Origin-Resource-Policy", "same-origin"},
                       {"Cross-Origin-Opener-Policy", "same-origin"}},
            .body = std::move(body)};
}

http_response respond(int status, const json_value& data) {
    return respond(status, "application/json", data.dump());
}

http_response refuse_form(const form_fault& fault) {
    return respond(
        http_status::unprocessable,
        json_value::object(
            {{"field", fault.field}, {"message", fault.why.message()}, {"hint", fault.why.hint}}));
}

http_response walk_form(const std::string& form) {
    const auto wanted = read_form(form);
    if (!wanted) return refuse_form(wanted.error());
    json_value data;
    data["walk"] = walk_json(wanted->conversation, wanted->cuts);
    return respond(http_status::ok, data);
}

http_response send_form(const wanted_walk& wanted, const std::stop_token& stop) {
    const transcript sent{wanted.conversation.framing,
                          cut(wanted.conversation.lines, wanted.cuts)};
    const auto done = exchange_for_real(sent, wanted.service, stop);
    if (!done) return refuse_form({"", done.error()});
    json_value data;
    data["walk"] = walk_json(done->conversation, {});
    data["client"] = done->client;
    data["server"] = done->server;
    data["remark"] = done->remark;
    return respond(http_status::ok, data);
}

}  // namespace

page_answers::page_answers(std::string page, std::string_view scheme, std::uint16_t port)
    : page_(std::move(page)),
      scheme_(fmt::format("{}://", scheme)),
      numeric_(fmt::format("127.0.0.1:{}", port)),
      named_(fmt::format("localhost:{}", port)) {}

page_answers::answered page_answers::answer(const http_request& request) {
    if (!is_for_us(request)) {
        return refuse(http_status::forbidden, "this is " + numeric_ + " and nobody else");
    }
    const auto& target = request.target;
    if (target == "/") return show_page(request);
    if (target != "/walk" && target != "/send") {
        return refuse(http_status::not_found, "there is only one page here: /");
    }
    if (request.method != "POST") {
        auto response = refuse(http_status::method_not_allowed, "a form is posted");
        response.fields.push_back({"Allow", "POST"});
        return response;
    }
    if (!is_from_us(request))
        return refuse(http_status::forbidden, "forms come from our own page only");
    if (!request.value("content-type").starts_with("application/json")) {
        return refuse(http_status::unsupported_media_type, "a form is application/json");
    }
    if (target == "/walk") return walk_form(request.body);
    return send(request.body);
}

http_response page_answers::refuse(int status, std::string_view words) const {
    return respond(status, "text/plain; charset=utf-8", fmt::format("{}\n", words));
}

// Another site's name for this address (DNS rebinding) would give its pages our origin.
bool page_answers::is_for_us(const http_request& request) const {
    const auto host = request.value("host");
    return request.count("host") == 1 && (host == numeric_ || host == named_);
}

// Programs other than browsers send no origin.
bool page_answers::is_from_us(const http_request& request) const {
    if (request.count("origin") == 0) return true;
    const auto origin = request.value("origin");
    return request.count("origin") == 1 &&
           (origin == scheme_ + numeric_ || origin == scheme_ + named_);
}

http_response page_answers::show_page(const http_request& request) const {
    if (request.method == "HEAD" || request.method == "GET") {
        return respond(http_status::ok, "text/html; charset=utf-8", page_);
    }
    auto response = refuse(http_status::method_not_allowed, "the page is only to be read");
    response.fields.push_back({"Allow", "GET, HEAD"});
    return response;
}

page_answers::answered page_answers::send(const std::string& form) {
    auto wanted = read_form(form);
    if (!wanted) return refuse_form(wanted.error());
    const auto planned = walk_json(wanted->conversation, wanted->cuts);
    if (planned.find("cut")->is_true()) {
        return refuse_form({"text",
                            {fmt::format("at most {} bytes in {} chunks are sent", walk_bytes_max,
                                         walk_steps_max)}});
    }
    if (sending_ == sending_max) {
        return refuse(http_status::service_unavailable, "others are being sent already");
    }
    ++sending_;
    // Counts until the work is over or abandoned.
    const std::shared_ptr<std::atomic<int>> counted(&sending_, [](auto* number) { --*number; });
    return http_work([counted, wanted = *std::move(wanted)](const std::stop_token& stop) {
        return send_form(wanted, stop);
    });
}

}  // namespace framewire
