#pragma once

#include "framewire/codec/framing_table.hpp"

#include <array>

namespace framewire::presets {

/// Mail and Internet text.
inline constexpr auto mail = std::to_array<framing_preset>({
    {"qmqp", "qmtp socketmap", "netstring", "QMQP, QMTP, Postfix's socketmap", "QMQP", "abc"},
    {"postfix-policy", "", R"(delimiter:\n\n)", "Postfix's policy delegation",
     "SMTPD_POLICY_README", R"(request=smtpd_access_policy\nprotocol_state=RCPT)"},
    {"clamd-z", "", R"(delimiter:\0)", "clamd's commands with z, and its replies", "clamd(8)",
     "zPING"},
});

}  // namespace framewire::presets
