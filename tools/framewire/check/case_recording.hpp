#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/transcript/printer.hpp"
#include "subject.hpp"

#include <cstdint>
#include <string>

namespace framewire {

/// What passes during a script, as a transcript with all of its connections, up to a megabyte.
class case_recording {
public:
    /// `frames` is what the client sends; `checked` is the end that we are not.
    case_recording(const framing& frames, checked_end checked);

    /// The number of a new connection, from 1.
    std::uint64_t add_connection() noexcept { return ++connections_; }
    void sent(std::uint64_t connection, bytes data) { add(connection, data, we_are_client_); }
    void received(std::uint64_t connection, bytes data) { add(connection, data, !we_are_client_); }
    /// What we do with the connection: `eof` or `reset`.
    void ended(std::uint64_t connection, std::string_view how);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    void add(std::uint64_t connection, bytes data, bool is_from_client);
    bool begin_line(std::uint64_t connection);

    bool we_are_client_;
    transcript_printer printer_;
    std::string text_;
    std::uint64_t connections_ = 0;
    std::uint64_t current_ = 1;
};

}  // namespace framewire
