#pragma once

#include "framewire/codec/framing_table.hpp"

#include <array>

namespace framewire::presets {

/// Mail and Internet text.
inline constexpr auto mail = std::to_array<framing_preset>({
    {"smtp", "esmtp lmtp", "line,eol=crlf",
     "SMTP's commands and replies; dot is the message after DATA", "RFC 5321, 4.1.1", "EHLO a"},
    {"ftp", "", "line,eol=crlf", "FTP's control connection", "RFC 959, 4.1", "USER a"},
    {"pop3", "nntp", "dot", "multi-line answers of POP3 and NNTP, messages of SMTP",
     "RFC 1939, 3; RFC 5321, 4.5.2", R"(Subject: a\r\n\r\n.hidden\r\n)"},
    {"qmqp", "qmtp socketmap", "netstring", "QMQP, QMTP, Postfix's socketmap", "QMQP", "abc"},
    {"postfix-policy", "", R"(delimiter:\n\n)", "Postfix's policy delegation",
     "SMTPD_POLICY_README", R"(request=smtpd_access_policy\nprotocol_state=RCPT)"},
    {"clamd-z", "", R"(delimiter:\0)", "clamd's commands with z, and its replies", "clamd(8)",
     "zPING"},
    {"clamd", "clamav", "chunks:u32be", "what follows clamd's INSTREAM", "clamd(8), INSTREAM",
     "abc"},
    {"spamd", "spamassassin", "content-length,start=line,missing=0,blanks=any,fields=keep",
     "SpamAssassin's spamd and spamc", "spamd/PROTOCOL",
     R"(CHECK SPAMC/1.5\r\nContent-length: 5\r\n\r\nhello)"},
});

}  // namespace framewire::presets
