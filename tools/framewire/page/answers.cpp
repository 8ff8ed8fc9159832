#include "answers.hpp"

#include "form.hpp"
#include "real_exchange.hpp"
#include "walk_json.hpp"
#include "walk_page.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace framewire {
namespace {

namespace http = boost::beast::http;
using json = nlohmann::ordered_json;

// Each has a server and a thread; a person waits for one at a time.
constexpr int sending_max = 4;

page_response respond(http::status status, std::string_view type, std::string body) {
    page_response response(status, 11);
    response.set(http::field::content_type, type);
    response.set(http::field::cache_control, "no-store");
    response.set("Content-Security-Policy", walk_page_policy(true) + "; frame-ancestors 'none'");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "no-referrer");
    response.set("Cross-Origin-Resource-Policy", "same-origin");
    response.set("Cross-Origin-Opener-Policy", "same-origin");
    response.body() = std::move(body);
    return response;
}

page_response respond(http::status status, const json& data) {
    return respond(status, "application/json",
                   data.dump(-1, ' ', false, json::error_handler_t::replace));
}

page_response refuse_form(const form_fault& fault) {
    return respond(
        http::status::unprocessable_entity,
        json{{"field", fault.field}, {"message", fault.why.message}, {"hint", fault.why.hint}});
}

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

page_response walk_form(const std::string& form) {
    const auto wanted = read_form(form);
    if (!wanted) return refuse_form(wanted.error());
    return respond(http::status::ok,
                   json{{"walk", walk_json(wanted->conversation, wanted->cuts)}});
}

// One more while it lives.
class counted_in {
public:
    explicit counted_in(int& number) : number_(number) { ++number_; }
    counted_in(const counted_in&) = delete;
    counted_in& operator=(const counted_in&) = delete;
    ~counted_in() { --number_; }

private:
    int& number_;
};

}  // namespace

page_answers::page_answers(std::string page, std::uint16_t port)
    : page_(std::move(page)),
      numeric_(fmt::format("127.0.0.1:{}", port)),
      named_(fmt::format("localhost:{}", port)) {}

boost::asio::awaitable<page_response> page_answers::answer(const page_request& request) {
    if (!is_for_us(request)) {
        co_return refuse(http::status::forbidden, "this is " + numeric_ + " and nobody else");
    }
    const auto target = view(request.target());
    const auto method = request.method();
    if (target == "/") co_return show_page(request);
    if (target != "/walk" && target != "/send") {
        co_return refuse(http::status::not_found, "there is only one page here: /");
    }
    if (method != http::verb::post) {
        auto response = refuse(http::status::method_not_allowed, "a form is posted");
        response.set(http::field::allow, "POST");
        co_return response;
    }
    if (!is_from_us(request)) {
        co_return refuse(http::status::forbidden, "forms come from our own page only");
    }
    if (!view(request[http::field::content_type]).starts_with("application/json")) {
        co_return refuse(http::status::unsupported_media_type, "a form is application/json");
    }
    if (target == "/walk") co_return walk_form(request.body());
    co_return co_await send(request.body());
}

page_response page_answers::refuse(http::status why, const std::string& words) {
    return respond(why, "text/plain; charset=utf-8", words + "\n");
}

// A name of somebody else's that leads here (DNS rebinding) would make his page ours.
bool page_answers::is_for_us(const page_request& request) const {
    const auto host = view(request[http::field::host]);
    return request.count(http::field::host) == 1 && (host == numeric_ || host == named_);
}

// Programs that are no browsers say nothing of where they come from.
bool page_answers::is_from_us(const page_request& request) const {
    if (request.count(http::field::origin) == 0) return true;
    const auto origin = view(request[http::field::origin]);
    return request.count(http::field::origin) == 1 &&
           (origin == "http://" + numeric_ || origin == "http://" + named_);
}

page_response page_answers::show_page(const page_request& request) const {
    const bool only_head = request.method() == http::verb::head;
    if (only_head || request.method() == http::verb::get) {
        return respond(http::status::ok, "text/html; charset=utf-8", only_head ? "" : page_);
    }
    auto response = refuse(http::status::method_not_allowed, "the page is only to be read");
    response.set(http::field::allow, "GET, HEAD");
    return response;
}

boost::asio::awaitable<page_response> page_answers::send(const std::string& form) {
    auto wanted = read_form(form);
    if (!wanted) co_return refuse_form(wanted.error());
    const auto planned = walk_json(wanted->conversation, wanted->cuts);
    if (planned["cut"].get<bool>()) {
        co_return refuse_form({"text",
                               {fmt::format("at most {} bytes in {} chunks are sent",
                                            walk_bytes_max, walk_steps_max)}});
    }
    if (sending_ == sending_max) {
        co_return refuse(http::status::service_unavailable, "others are being sent already");
    }
    const counted_in one(sending_);
    transcript sent{wanted->conversation.framing, cut(wanted->conversation.lines, wanted->cuts)};
    const auto done = co_await exchange_for_real(std::move(sent), wanted->service);
    if (!done) co_return refuse_form({"", done.error()});
    co_return respond(http::status::ok, json{{"walk", walk_json(done->conversation, {})},
                                             {"client", done->client},
                                             {"server", done->server},
                                             {"remark", done->remark}});
}

}  // namespace framewire
