#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "framewire/core/tls_peer.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// Which way bytes went, seen from this end.
enum class json_direction : std::uint8_t { received, sent };

/// What happened, for a program: one line of `--json`, whose contract is docs/json.md. What is
/// absent or empty is omitted. Views must be valid until the line is made.
struct json_event {
    /// `frame`, `connected`, ...; the names are in docs/json.md.
    std::string_view event{};
    /// None where it is not known when it happened, as with bytes from a file.
    std::optional<std::chrono::system_clock::time_point> time = std::chrono::system_clock::now();
    std::optional<std::uint64_t> connection{};
    /// `server` for the other side of a proxy's connection.
    std::string_view side{};
    /// The number of the record in a capture file.
    std::optional<std::uint64_t> record{};
    /// Where `listening` listens.
    std::string_view address{};
    /// The end that sent, or connected; the end that received, or was connected to.
    std::string_view from{};
    std::string_view to{};
    std::optional<json_direction> direction{};
    /// In the stream: of a frame's first byte, or of an error.
    std::optional<std::uint64_t> offset{};
    /// Of the whole payload, in bytes. If `payload` has fewer, the line says `"truncated":true`.
    std::optional<std::uint64_t> size{};
    /// Text if it is UTF-8, otherwise `payload_base64`.
    std::optional<bytes> payload{};
    std::optional<std::uint64_t> count{};
    /// Why a connection was closed: `peer`, `local`, `drain`, `error`.
    std::string_view reason{};
    /// The dotted name, and what it means, for a person.
    std::string_view error{};
    std::string_view message{};
    /// Of `connected`; null without TLS.
    const tls_peer* tls = nullptr;
};

/// The event as one line of JSON, with its line feed. Printable everywhere: what a terminal obeys
/// or a person does not see is written as `\u001b`.
[[nodiscard]] std::string json_line(const json_event& happened);

/// The event `failed`. Words that begin as `wire_error::message` writes them become `error`,
/// `offset` and `message`.
[[nodiscard]] std::string json_failure(const failure& why);

}  // namespace framewire
