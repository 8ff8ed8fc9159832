#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/error.hpp"
#include "framewire/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// Which end is checked, or for which end a case is.
enum class checked_end : std::uint8_t { server, client, both };

/// What a server replies to a message.
enum class replying : std::uint8_t {
    echo,
    text,     ///< always the same
    any,      ///< one message of any content
    nothing,  ///< none, as far as is known
};

/// What is checked: the framing and the service of a server, and messages that suit them. Of a
/// client, the replies that it gets: their framing, and `payloads` are replies.
struct check_subject {
    framing frames;
    replying service = replying::echo;
    /// Of `replying::text`.
    std::string text{};
    /// The server ends the connection after its first reply.
    bool has_one_exchange = false;
    /// The payload of a stream's first frame, if the framing has the option `first`.
    std::optional<std::string> opening{};
    /// Short payloads that the framing carries; the first two differ if it has two.
    std::vector<std::string> payloads{};

    /// Reads a service as `serve` does: `echo`, `acknowledge[:TEXT]`, `reply:TEXT[,close]`, or
    /// `any`. If there are `messages`, no others are sent. Fails for other services, and if no
    /// payload is known that the framing carries.
    static result<check_subject> make(const framing& frames, std::string_view service,
                                      const std::vector<std::string>& messages = {});

    /// False if only messages that were given are sent.
    bool makes_messages = true;

    checked_end end = checked_end::server;
    bool has_tls = false;
    /// The server's memory can be read.
    bool has_process = false;
    /// A client sends messages before it has the replies to earlier ones.
    bool sends_ahead = false;

    /// For cases of a client whose first message is this.
    [[nodiscard]] check_subject of_client(bytes message) const;

    /// A payload that differs from others as far as the framing allows it.
    [[nodiscard]] std::string numbered(std::size_t number) const;
    /// So many of them, from the first on.
    [[nodiscard]] std::vector<std::string> numbered_up_to(std::size_t count) const;
    /// True if the framing carries this payload, and it is read again as one message.
    [[nodiscard]] bool carries(bytes payload) const;
    /// The frames of these payloads. Requires: `carries` each of them.
    [[nodiscard]] std::string stream_of(const std::vector<std::string>& messages) const;
    [[nodiscard]] std::string frame_of(bytes payload) const {
        return stream_of({std::string(payload)});
    }
    /// The reply that is due; nothing if its content is not known.
    [[nodiscard]] std::optional<std::string> reply_to(bytes payload) const;
    [[nodiscard]] bool replies() const noexcept { return service != replying::nothing; }
};

/// How our own decoder reads a stream.
struct stream_reading {
    std::vector<std::string> payloads{};
    std::optional<wire_error> error{};
    /// It ends inside a frame.
    bool is_incomplete = false;
};
[[nodiscard]] stream_reading read_stream(const framing& frames, bytes stream);

}  // namespace framewire
