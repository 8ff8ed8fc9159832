#include "subject.hpp"

#include "framewire/codec/framing_table.hpp"
#include "framewire/core/quote.hpp"
#include "framewire/service/services.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

constexpr bytes sentence = "Hello, framewire! How are you today? Very well, thank you.";

// Most framings carry any text; each of the others has a grammar for what it carries.
const std::vector<std::string>& known_payloads() {
    static const std::vector<std::string> all{"Hello",
                                              "world!",
                                              R"({"hello":1})",
                                              "[2]",
                                              "*1\r\n$4\r\nPING\r\n",
                                              "+OK\r\n",
                                              "\x04\x05Hello",
                                              "\x04\x05world",
                                              "\xa5Hello",
                                              "\xa5world",
                                              "eHello",
                                              "eworld",
                                              "5:Hello",
                                              "5:world",
                                              "8=FIX.4.4\00135=0\001",
                                              "8=FIX.4.4\00135=1\001",
                                              "PING\r\n",
                                              "PUB hi 5\r\nHello\r\n",
                                              "get a\r\n",
                                              "set hi 0 0 5\r\nHello\r\n",
                                              "reserve\r\n",
                                              "put 0 0 60 5\r\nHello\r\n",
                                              "Hello\r\n",
                                              "world!\r\n",
                                              "<13>Hello",
                                              "<13>world",
                                              "Content-Length: 5\r\n\r\nHello",
                                              "Content-Length: 5\r\n\r\nworld",
                                              "Content-Length: 5\n\nHello",
                                              "GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nHello",
                                              "GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nworld",
                                              "A1 NOOP\r\n",
                                              "A2 NOOP\r\n",
                                              "<hello/>",
                                              "<world/>"};
    return all;
}

std::vector<std::string> candidates(const framing& frames) {
    std::vector<std::string> all;
    const auto layout = frames.describe();
    if (layout.length && layout.length->written == notation::none) {
        const auto size = static_cast<std::size_t>(layout.length->payload_size);
        for (const char pad : {'.', '!'}) {
            std::string payload(sentence.substr(0, size));
            payload.resize(size, pad);
            if (pad == '!') std::ranges::reverse(payload);
            all.push_back(std::move(payload));
        }
        return all;
    }
    all = known_payloads();
    const auto lead = layout.length ? layout.length->lead : 0;
    for (const std::size_t size : {5U, 4U, 3U, 2U, 1U, 8U, 12U, 16U, 24U, 32U, 48U}) {
        all.emplace_back(sentence.substr(0, size));
        all.emplace_back(sentence.substr(7, size));
        if (layout.length) all.push_back(layout.length->magic + all.back());
        all.push_back(std::string(lead, 'x') + all.back());
    }
    all.emplace_back();
    return all;
}

bool is_carried(const framing& frames, bytes payload) {
    std::string frame;
    if (!frames.encode(payload, frame)) return false;
    const auto found = read_stream(frames, frame);
    return !found.error && !found.is_incomplete && found.payloads.size() == 1 &&
           found.payloads.front() == payload;
}

result<void> read_service(std::string_view service, check_subject& into) {
    const auto name = service.substr(0, service.find_first_of(":,"));
    auto options = service.substr(name.size());
    if (name == "echo") return {};
    if (name == "any") {
        into.service = replying::any;
        return {};
    }
    if (name != "acknowledge" && name != "reply") {
        return tl::unexpected(failure{fmt::format("service '{}' cannot be checked", service),
                                      "echo, acknowledge:TEXT, reply:TEXT or any"});
    }
    into.service = replying::text;
    if (const auto until = options.find(",until="); until != std::string_view::npos) {
        options = options.substr(0, until);
    }
    constexpr std::string_view close = ",close";
    if (name == "reply" && options.ends_with(close)) {
        into.has_one_exchange = true;
        options.remove_suffix(close.size());
    }
    into.text = options.empty() ? acknowledge::default_text : options.substr(1);
    return {};
}

result<void> check_text(const check_subject& subject) {
    if (subject.service != replying::text) return {};
    const auto& replies = subject.frames.replies();
    if (replies.is_raw()) {
        return tl::unexpected(failure{"without framing, replies of a text cannot be counted",
                                      "--service echo or any"});
    }
    if (is_carried(replies, subject.text)) return {};
    return tl::unexpected(
        failure{fmt::format("'{}' does not carry the reply '{}'", replies.spec(), subject.text)});
}

}  // namespace

result<check_subject> check_subject::make(const framing& frames, std::string_view service,
                                          const std::vector<std::string>& messages) {
    check_subject made{.frames = frames, .makes_messages = messages.empty()};
    if (auto read = read_service(service, made); !read) return tl::unexpected(read.error());
    if (auto fits = check_text(made); !fits) return tl::unexpected(fits.error());
    if (const auto* first = frames.first(); first != nullptr) {
        for (auto& payload : candidates(*first)) {
            if (made.opening || !is_carried(*first, payload)) continue;
            made.opening = std::move(payload);
        }
        if (!made.opening)
            return tl::unexpected(
                failure{"no message is known that begins a stream of this framing"});
    }
    for (const auto& payload : messages) {
        if (!made.carries(payload)) {
            return tl::unexpected(failure{fmt::format("'{}' does not carry the message {}",
                                                      frames.spec(), quote(payload, 40))});
        }
        made.payloads.push_back(payload);
    }
    if (!made.makes_messages) return made;
    for (auto& payload : candidates(frames)) {
        const bool is_new = std::ranges::find(made.payloads, payload) == made.payloads.end();
        if (is_new && made.carries(payload)) made.payloads.push_back(std::move(payload));
    }
    if (made.payloads.empty()) {
        return tl::unexpected(failure{
            fmt::format("no message is known that '{}' carries there and back", frames.spec())});
    }
    return made;
}

check_subject check_subject::of_client(bytes message) const {
    auto made = *this;
    made.frames = frames.replies();
    made.payloads = {reply_to(message).value_or(std::string(message))};
    made.end = checked_end::client;
    return made;
}

std::string check_subject::numbered(std::size_t number) const {
    auto text = fmt::format("message {}", number);
    if (makes_messages && carries(text)) return text;
    const auto count =
        makes_messages ? std::min<std::size_t>(payloads.size(), 2) : payloads.size();
    return payloads[number % count];
}

std::vector<std::string> check_subject::numbered_up_to(std::size_t count) const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(numbered(i));
    return all;
}

bool check_subject::carries(bytes payload) const {
    if (!is_carried(frames, payload)) return false;
    const auto reply = reply_to(payload);
    return !reply || frames.is_symmetric() || is_carried(frames.replies(), *reply);
}

std::string check_subject::stream_of(const std::vector<std::string>& messages) const {
    std::string stream;
    for (const auto& one : messages) (void)frames.encode(one, stream);
    return stream;
}

std::optional<std::string> check_subject::reply_to(bytes payload) const {
    if (service == replying::echo) return std::string(payload);
    if (service == replying::text) return text;
    return std::nullopt;
}

stream_reading read_stream(const framing& frames, bytes stream) {
    stream_reading found;
    auto decoder = frames.decoder();
    std::string payload;
    for (;;) {
        const auto next = decoder.next(stream);
        if (next.what == step::failed) {
            found.error = decoder.failure();
            return found;
        }
        if (next.what == step::need_more) {
            found.is_incomplete = decoder.phase() != frame_phase::between_frames;
            return found;
        }
        if (next.what == step::skipped) payload.clear();
        if (next.what != step::piece) continue;
        payload += next.piece.payload;
        if (next.piece.last) found.payloads.push_back(std::exchange(payload, {}));
    }
}

}  // namespace framewire
