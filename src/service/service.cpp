#include "framewire/service/service.hpp"

#include "framewire/core/escapes.hpp"
#include "framewire/service/services.hpp"

#include <fmt/format.h>
#include <optional>
#include <string>
#include <utility>

namespace framewire {
namespace {

class function_service final : public service {
public:
    explicit function_service(answer_function answer) : answer_(std::move(answer)) {}
    void receive(const piece& message, outbox& replies) override {
        answer_(message.payload, replies);
    }

private:
    answer_function answer_;
};

template <class S, class... Arguments>
service_factory factory(Arguments... arguments) {
    return [=] { return std::make_unique<S>(arguments...); };
}

// Options are at the end, so that a text may contain commas: `reply:Goodbye, client!,close`.
result<std::string> take_until(std::string_view& text) {
    constexpr std::string_view key = ",until=";
    const auto at = text.rfind(key);
    if (at == std::string_view::npos) return std::string();
    const auto value = text.substr(at + key.size());
    text = text.substr(0, at);
    return unescape(value);
}

bool take_close(std::string_view& text) {
    constexpr std::string_view key = ",close";
    const bool found = text.ends_with(key);
    if (found) text.remove_suffix(key.size());
    return found;
}

// One room for all connections that the factory serves.
service_factory relay_to_all(overflow policy) { return factory<relay>(room(policy)); }

std::optional<overflow> take_overflow(std::string_view text) {
    if (text.empty() || text == ",overflow=close") return overflow::close;
    if (text == ",overflow=drop_oldest") return overflow::drop_oldest;
    if (text == ",overflow=drop_newest") return overflow::drop_newest;
    return std::nullopt;
}

}  // namespace

service_factory service_from(answer_function answer) {
    return factory<function_service>(std::move(answer));
}

result<service_factory> make_service(std::string_view spec) {
    const auto name_end = std::min(spec.find_first_of(":,"), spec.size());
    const auto name = spec.substr(0, name_end);
    auto rest = spec.substr(name_end);
    const bool has_text = rest.starts_with(':');
    if (name == "echo" && !has_text) {
        auto until = take_until(rest);
        if (!until) return tl::unexpected(until.error());
        if (rest.empty()) return factory<echo>(std::move(*until));
    }
    if (name == "discard" && rest.empty()) return factory<discard>();
    if (name == "reply" && has_text) {
        const bool last = take_close(rest);
        return unescape(rest.substr(1)).map([last](std::string&& text) {
            return factory<reply_with>(std::move(text), last);
        });
    }
    if (name == "acknowledge") {
        auto until = take_until(rest);
        if (!until) return tl::unexpected(until.error());
        if (rest.empty())
            return factory<acknowledge>(std::string(acknowledge::default_text), *until);
        if (has_text) {
            return unescape(rest.substr(1)).map([&until](std::string&& text) {
                return factory<acknowledge>(std::move(text), *until);
            });
        }
    }
    if (name == "relay") {
        if (const auto policy = take_overflow(rest)) return relay_to_all(*policy);
    }
    return tl::unexpected(
        failure{fmt::format("'{}' is not a service", spec),
                "echo[,until=TEXT], discard, reply:TEXT[,close], acknowledge[:TEXT][,until=TEXT], "
                "relay[,overflow=close|drop_oldest|drop_newest]"});
}

}  // namespace framewire
