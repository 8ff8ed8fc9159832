#include "presets/databases.hpp"
#include "presets/finance.hpp"
#include "presets/health.hpp"
#include "presets/industry.hpp"
#include "presets/mail.hpp"
#include "presets/messaging.hpp"
#include "presets/monitoring.hpp"
#include "presets/networks.hpp"
#include "presets/other.hpp"
#include "presets/rpc.hpp"
#include "presets/telecom.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace framewire {
namespace {

constexpr std::array<preset_field, 11> fields{{
    {"databases", "databases"},
    {"messaging", "messaging and streaming"},
    {"monitoring", "logs, metrics, monitoring"},
    {"rpc", "RPC, serialisation, tools"},
    {"networks", "web, files, security, networks"},
    {"telecom", "telecom and real time"},
    {"mail", "mail and Internet text"},
    {"industry", "industry, vehicles, utilities"},
    {"health", "health"},
    {"finance", "payments and exchanges"},
    {"other", "peer to peer, games, languages"},
}};

// Joins the tables, each with the name of its field.
template <std::size_t... Sizes>
constexpr auto join(const std::array<framing_preset, Sizes>&... tables) {
    std::array<framing_preset, (Sizes + ...)> all{};
    auto next = all.begin();
    const auto* field = fields.begin();
    const auto add = [&](const auto& table) {
        for (auto preset : table) {
            preset.field = field->name;
            *next++ = preset;
        }
        ++field;
    };
    (add(tables), ...);
    return all;
}

constexpr auto all_presets =
    join(presets::databases, presets::messaging, presets::monitoring, presets::rpc,
         presets::networks, presets::telecom, presets::mail, presets::industry, presets::health,
         presets::finance, presets::other);

bool is_one_of(std::string_view words, std::string_view word) noexcept {
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        if (words.substr(0, end) == word) return true;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

}  // namespace

bool framing_preset::has_name(std::string_view wanted) const noexcept {
    return name == wanted || is_one_of(aliases, wanted);
}

std::span<const framing_preset> framing_presets() noexcept { return all_presets; }

const framing_preset* find_preset(std::string_view name) noexcept {
    const auto* const found = std::ranges::find_if(
        all_presets, [&](const auto& preset) { return preset.has_name(name); });
    return found == all_presets.end() ? nullptr : found;
}

std::span<const preset_field> preset_fields() noexcept { return fields; }

}  // namespace framewire
