#include "nats_relay.hpp"

#include "nats_forwarder.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <thread>

namespace framewire {
namespace {

// While the loops have too much to send, what others publish waits so long; then it is dropped.
constexpr std::chrono::milliseconds retry_pause{1};
constexpr int attempts_max = 1'000;

bool names_subject(std::string_view text) {
    const bool has_tokens = !text.empty() && text.front() != '.' && text.back() != '.' &&
                            text.find("..") == std::string_view::npos;
    return has_tokens && std::ranges::all_of(text, [](char one) {
               return one > ' ' && one < 0x7f && one != '*' && one != '>' && one != ',';
           });
}

std::optional<overflow> policy_of(std::string_view text) {
    if (text == "close") return overflow::close;
    if (text == "drop_oldest") return overflow::drop_oldest;
    if (text == "drop_newest") return overflow::drop_newest;
    return std::nullopt;
}

}  // namespace

result<nats_relay_spec> nats_relay_spec::parse(std::string_view text) {
    constexpr std::string_view key = ",overflow=";
    nats_relay_spec parsed;
    text.remove_prefix(std::min(name.size(), text.size()));
    const auto at = text.rfind(key);
    if (at != std::string_view::npos) {
        const auto policy = policy_of(text.substr(at + key.size()));
        if (!policy) {
            return tl::unexpected(
                failure{fmt::format("'{}' is no way to overflow", text.substr(at + key.size())),
                        "overflow=close, drop_oldest or drop_newest"});
        }
        parsed.policy = *policy;
        text = text.substr(0, at);
    }
    const auto slash = std::min(text.rfind('/'), text.size());
    parsed.servers = text.substr(0, slash);
    parsed.subject = text.substr(std::min(slash + 1, text.size()));
    if (!parsed.servers.empty() && names_subject(parsed.subject)) return parsed;
    return tl::unexpected(failure{fmt::format("'nats://{}' names no subject of a server",
                                              nats_target::shown(parsed.servers)),
                                  "relay:nats://HOST/SUBJECT, without wildcards"});
}

result<service_factory> nats_relay_spec::open(nats_subject::log notices) const {
    room members(policy);
    const auto deliver = [members](bytes payload) mutable {
        for (int i = 0; i < attempts_max && !members.send(payload); ++i) {
            std::this_thread::sleep_for(retry_pause);
        }
    };
    auto opened = nats_subject::open(servers, subject, nats_target::shown(servers), deliver,
                                     std::move(notices));
    if (!opened) return tl::unexpected(opened.error());
    return service_factory([members, others = std::shared_ptr<nats_subject>(std::move(*opened))] {
        return std::make_unique<nats_relay>(members, others);
    });
}

}  // namespace framewire
