#pragma once

#include "framewire/transcript/transcript.hpp"
#include "trace/conversation.hpp"

#include <string>

namespace framewire::tests {

/// The conversation of a transcript. Requires: it is valid.
inline conversation shown(std::string_view text) {
    auto read = transcript::parse(text).value();
    conversation one{read.framing, held(std::move(read.lines))};
    one.is_captured = true;
    return one;
}

/// Its lines as a transcript has them, without the framing that it begins with.
inline std::string lines_of(const conversation& one) {
    using kind = transcript_line::kind;
    std::string text;
    const auto read = one.read([&](const transcript_line& line) {
        const std::string mark = way_of(line) == direction::sent ? ">" : "<";
        switch (line.what) {
            case kind::comment: text += "# " + line.text; break;
            case kind::from_peer:
            case kind::to_peer: text += mark + " " + print_bytes(line.text); break;
            case kind::eof: text += mark + " eof"; break;
            case kind::reset: text += mark + " reset"; break;
            case kind::gap: text += mark + " gap " + std::to_string(line.missing); break;
            case kind::framing: text += "framing " + line.text; break;
            default: text += "?"; break;
        }
        text += "\n";
    });
    return read ? text : read.error().message();
}

}  // namespace framewire::tests
