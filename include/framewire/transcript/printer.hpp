#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/direction.hpp"
#include "framewire/core/error.hpp"
#include "framewire/core/time.hpp"
#include "framewire/session/session.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// An event as the text of an `=` line. `error` is the session's `failure()`; read only if the
/// event is `failed`.
[[nodiscard]] std::string print_event(const event& happened, const wire_error* error);
[[nodiscard]] std::string print_event(const session& speaker, const event& happened);

/// Writes a live conversation as a transcript, line by line, as it happens. Long lines are cut,
/// with a comment. Every function returns whole lines, possibly none. Events are those of what is
/// received from the peer, or with `direction::sent`, of what is sent to it.
class transcript_printer {
public:
    explicit transcript_printer(time_point now, std::size_t line_bytes_max = 4096,
                                direction of = direction::received)
        : last_(now), line_bytes_max_(line_bytes_max), is_sent_(of == direction::sent) {}

    /// From here on, every pause is written, to the microsecond, so that the transcript can be
    /// replayed at its times. Otherwise only those that a reader would notice are.
    void keep_time() noexcept { keeps_time_ = true; }

    [[nodiscard]] std::string begin(const framing& framing) const;
    [[nodiscard]] std::string from_peer(bytes data, time_point now);
    [[nodiscard]] std::string to_peer(bytes data, time_point now);
    /// The end of the stream whose events are printed.
    [[nodiscard]] std::string peer_ended(time_point now);
    /// So many bytes of that stream are missing.
    [[nodiscard]] std::string gap(std::uint64_t missing) const;
    /// Empty for a piece that is not the last of its payload. `error` as for `print_event`.
    [[nodiscard]] std::string event(const framewire::event& happened, const wire_error* error,
                                    time_point now);
    [[nodiscard]] std::string frame(const piece& data, std::uint64_t offset);
    [[nodiscard]] std::string skipped(std::uint64_t size, std::uint64_t offset);
    [[nodiscard]] std::string finished();
    [[nodiscard]] std::string failed(const wire_error& error, time_point now);

private:
    std::string clock(time_point now);
    [[nodiscard]] char data_mark() const noexcept { return is_sent_ ? '>' : '<'; }
    [[nodiscard]] std::string event_line(std::string_view text) const;
    [[nodiscard]] std::string bytes_line(char direction, bytes data) const;

    time_point last_;
    std::size_t line_bytes_max_;
    bool is_sent_;
    bool keeps_time_ = false;
    std::string beginning_;  // of the payload that arrives in pieces
    std::uint64_t payload_bytes_ = 0;
};

}  // namespace framewire
