#pragma once

#include "framewire/core/result.hpp"

#include <sys/types.h>
#include <optional>
#include <string>

namespace framewire {

/// Who a process wants to be once it has what needs privileges.
struct identity_options {
    std::optional<std::string> user;
    std::optional<std::string> group;
    /// Becomes the root folder.
    std::optional<std::string> root;
};

/// The same, looked up in the system's tables of users and groups.
class identity {
public:
    /// Fails if there is no such user or group. A number needs no entry; without one, it is its
    /// own group.
    static result<identity> find(const identity_options& wanted);

    /// Lets neither this process nor programs that it starts get new privileges. Those that it has
    /// stay for now. Requires: no other thread exists.
    [[nodiscard]] result<void> renounce() const;
    /// Changes the root folder and gives up every privilege for good, in all threads; also for
    /// programs that are started later. What is already so needs no privilege. Fails if the
    /// system refuses it; then the process must not continue.
    [[nodiscard]] result<void> assume() const;

private:
    [[nodiscard]] bool is_unchanged() const noexcept { return !user_ && !group_ && !wanted_.root; }
    [[nodiscard]] result<void> enter_root() const;
    [[nodiscard]] result<void> set_groups() const;
    [[nodiscard]] result<void> set_user() const;

    identity_options wanted_;
    std::optional<uid_t> user_;
    std::optional<gid_t> group_;
    std::string user_name_;  // of the table; empty for a bare number
};

}  // namespace framewire
