#include "file_access.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace framewire {
namespace {

// The entry of a user or group; its texts are in `texts`, as long as they need.
template <class Entry, class Find>
const Entry* entry_of(const std::string& name, Entry& entry, std::vector<char>& texts, Find find) {
    constexpr std::size_t texts_max = std::size_t{1024} * 1024;  // thousands of members
    Entry* found = nullptr;
    while (find(name.c_str(), &entry, texts.data(), texts.size(), &found) == ERANGE) {
        if (texts.size() >= texts_max) return nullptr;
        texts.resize(texts.size() * 2);
    }
    return found;
}

std::optional<std::uint32_t> number_of(const std::string& text) {
    const auto number = parse_number(text);
    // The largest means "unchanged".
    if (!number || *number >= std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    return static_cast<std::uint32_t>(*number);
}

std::optional<uid_t> user_of(const std::string& name) {
    if (const auto number = number_of(name)) return number;
    passwd entry{};
    std::vector<char> texts(1024);
    const auto* const found = entry_of(name, entry, texts, ::getpwnam_r);
    return found != nullptr ? std::optional(found->pw_uid) : std::nullopt;
}

std::optional<gid_t> group_of(const std::string& name) {
    if (const auto number = number_of(name)) return number;
    ::group entry{};
    std::vector<char> texts(1024);
    const auto* const found = entry_of(name, entry, texts, ::getgrnam_r);
    return found != nullptr ? std::optional(found->gr_gid) : std::nullopt;
}

}  // namespace

result<file_access> file_access::of(const address& where) {
    file_access made{.mode = where.mode};
    if (!where.owner.empty()) {
        made.owner = user_of(where.owner);
        if (!made.owner) {
            return tl::unexpected(
                failure{fmt::format("{}: there is no user '{}'", where.text(), where.owner)});
        }
    }
    if (!where.group.empty()) {
        made.group = group_of(where.group);
        if (!made.group) {
            return tl::unexpected(
                failure{fmt::format("{}: there is no group '{}'", where.text(), where.group)});
        }
    }
    return made;
}

}  // namespace framewire
