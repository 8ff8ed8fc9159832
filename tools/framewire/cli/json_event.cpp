#include "json_event.hpp"

#include "framewire/core/error.hpp"
#include "framewire/core/units.hpp"
#include "json_members.hpp"
#include "timestamp.hpp"

#include <string>

namespace framewire {
namespace {

std::string_view name_of(json_direction which) noexcept {
    return which == json_direction::received ? "received" : "sent";
}

// `NAME: WORDS` or `NAME at OFFSET: WORDS`
struct named_error {
    std::string_view name;
    std::optional<std::uint64_t> offset{};
    std::string_view words{};

    static std::optional<named_error> parse(std::string_view text) {
        constexpr std::string_view place = " at ";
        constexpr std::string_view border = ": ";
        const auto end = text.find(border);
        if (end == std::string_view::npos) return std::nullopt;
        named_error found{.name = text.substr(0, end), .words = text.substr(end + border.size())};
        if (const auto at = found.name.find(place); at != std::string_view::npos) {
            const auto offset = parse_number(found.name.substr(at + place.size()));
            if (!offset) return std::nullopt;
            found.offset = *offset;
            found.name = found.name.substr(0, at);
        }
        return is_known(found.name) ? std::optional(found) : std::nullopt;
    }
    static bool is_known(std::string_view name) {
        for (std::size_t i = 1; i <= errc_count; ++i) {
            if (error_name(static_cast<errc>(i)) == name) return true;
        }
        return false;
    }
};

}  // namespace

std::string json_line(const json_event& happened) {
    json_members all;
    if (happened.time) all.add("time", timestamp(*happened.time).text());
    all.add("event", happened.event);
    all.add("connection", happened.connection);
    all.add("side", happened.side);
    all.add("packet", happened.record);
    all.add("address", happened.address);
    all.add("from", happened.from);
    all.add("to", happened.to);
    if (happened.direction) all.add("direction", name_of(*happened.direction));
    all.add("offset", happened.offset);
    all.add("size", happened.size);
    all.add("count", happened.count);
    if (happened.tls != nullptr) {
        all.add("tls", happened.tls->version);
        all.add("cipher", happened.tls->cipher);
        all.add("subject", happened.tls->subject);
        all.add("server_name", happened.tls->server_name);
        all.add("protocol", happened.tls->protocol);
    }
    all.add("reason", happened.reason);
    all.add("error", happened.error);
    all.add("message", happened.message);
    if (happened.payload) {
        const auto& data = *happened.payload;
        all.add_payload(data, happened.size && data.size() < *happened.size);
    }
    return all.end();
}

std::string json_failure(const failure& why) {
    json_event happened{.event = "failed", .message = why.message()};
    if (const auto found = named_error::parse(why.message())) {
        happened.error = found->name;
        happened.offset = found->offset;
        happened.message = found->words;
    }
    return json_line(happened);
}

}  // namespace framewire
