#include "identity.hpp"

#include "framewire/core/error.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <cerrno>
#include <limits>

namespace framewire {
namespace {

tl::unexpected<failure> refused(std::string_view what, const std::string& name) {
    return tl::unexpected(
        failure{fmt::format("cannot {} '{}': {}", what, name, system_words(errno)),
                errno == EPERM ? "only root can" : ""});
}

// The last number is not one: it means "unchanged" to the system.
std::optional<std::uint32_t> number_in(const std::string& text) {
    const auto number = parse_number(text);
    if (!number || *number >= std::numeric_limits<std::uint32_t>::max()) return {};
    return static_cast<std::uint32_t>(*number);
}

}  // namespace

result<identity> identity::find(const identity_options& wanted) {
    identity found;
    found.wanted_ = wanted;
    if (wanted.user) {
        const auto number = number_in(*wanted.user);
        const passwd* entry = number ? ::getpwuid(*number) : ::getpwnam(wanted.user->c_str());
        if (entry == nullptr && !number) {
            return tl::unexpected(failure{fmt::format("there is no user '{}'", *wanted.user)});
        }
        found.user_ = entry != nullptr ? entry->pw_uid : *number;
        found.group_ = entry != nullptr ? entry->pw_gid : *number;
        if (entry != nullptr) found.user_name_ = entry->pw_name;
    }
    if (wanted.group) {
        const auto number = number_in(*wanted.group);
        const group* entry = number ? nullptr : ::getgrnam(wanted.group->c_str());
        if (entry == nullptr && !number) {
            return tl::unexpected(failure{fmt::format("there is no group '{}'", *wanted.group)});
        }
        found.group_ = entry != nullptr ? entry->gr_gid : *number;
    }
    return found;
}

// A thread has this from the one that started it. Neither a file's set-user-ID bit nor its
// capabilities give anything back then.
result<void> identity::renounce() const {
    if (is_unchanged() || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) return {};
    return tl::unexpected(failure{"cannot renounce new privileges: " + system_words(errno)});
}

result<void> identity::assume() const {
    if (is_unchanged()) return {};
    return enter_root().and_then([this] { return set_groups(); }).and_then([this] {
        return set_user();
    });
}

result<void> identity::enter_root() const {
    if (!wanted_.root) return {};
    if (::chroot(wanted_.root->c_str()) != 0) return refused("change the root to", *wanted_.root);
    if (::chdir("/") != 0) return refused("enter", *wanted_.root);
    return {};
}

result<void> identity::set_groups() const {
    if (!group_) return {};
    const auto name = wanted_.group.value_or(wanted_.user.value_or(""));
    const bool is_user = !user_ || ::geteuid() == *user_;
    if (is_user && ::getegid() == *group_ && ::getgid() == *group_ && ::geteuid() != 0) return {};
    const int set =
        user_name_.empty() ? ::setgroups(1, &*group_) : ::initgroups(user_name_.c_str(), *group_);
    if (set != 0 || ::setresgid(*group_, *group_, *group_) != 0) {
        return refused("become group", name);
    }
    return {};
}

result<void> identity::set_user() const {
    if (!user_) return {};
    if (::setresuid(*user_, *user_, *user_) != 0) return refused("become user", *wanted_.user);
    if (*user_ != 0 && ::setresuid(0, 0, 0) == 0) {
        return tl::unexpected(failure{"the privileges of root cannot be given up"});
    }
    return {};
}

}  // namespace framewire
