#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/io/address.hpp"
#include "framewire/service/peer.hpp"

#include <string>

namespace framewire {

/// A socket address as Python prints it: `('127.0.0.1', 54321)`, `('::1', 54321, 0, 0)`, or the
/// quoted path of a local socket.
[[nodiscard]] std::string python_address(const endpoint& at);

/// The address of the peer and, if it has shown a certificate, its subject, escaped.
[[nodiscard]] std::string python_peer(const peer& who);

/// Bytes as Python prints them: `b'Hi'`, `b"it's"`, `b'\x00\n'`.
[[nodiscard]] std::string python_bytes(bytes input);

/// The input without the character that its end has cut, if any. Wrong bytes stay.
[[nodiscard]] bytes whole_characters(bytes input) noexcept;

/// Text as a console shows it: escapes control characters other than tab, and bytes that are not
/// UTF-8, so that a message stays one line and cannot control the terminal.
[[nodiscard]] std::string console_text(bytes input);

/// The same, but the text keeps its lines.
[[nodiscard]] std::string terminal_text(bytes input);

}  // namespace framewire
