#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/result.hpp"
#include "player/live_peer.hpp"
#include "recorded.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace framewire {

/// What our end does next, or expects of the other end.
struct script_step {
    enum class kind : std::uint8_t {
        open,    ///< the connection begins
        send,    ///< `data`
        end,     ///< our stream ends
        reset,   ///< we reset the connection
        use,     ///< what follows is of the framing `frames`
        expect,  ///< `expected`
        ignore,  ///< from here on, what the other end sent is not known
    };
    kind what = kind::open;
    /// Which of the script's connections.
    std::size_t connection = 0;
    /// When it happened, since the recording began.
    std::chrono::microseconds at{0};
    /// The line of a transcript, or the packet of a capture.
    std::size_t place = 0;
    /// The bytes to send, or those of the expected frame, with its header.
    std::string data{};
    arrival expected{};
    /// Expected are these bytes, however they are cut: the framing has no borders.
    bool is_stream = false;
    std::shared_ptr<const framing> frames{};
};

/// One connection of a script. Its number is the recording's.
struct script_connection {
    std::uint64_t number = 1;
    /// Of what our end sends.
    framing sent;
    /// Whole messages of our end.
    std::uint64_t messages = 0;
};

/// A recording, as one of its ends plays it.
struct script {
    std::vector<script_connection> connections{};
    /// In the order of the recording.
    std::vector<script_step> steps{};
    bool is_captured = false;
    std::vector<std::string> remarks{};

    /// `line 9` or `packet 9`.
    [[nodiscard]] std::string place_text(const script_step& step) const;
    /// `connection 2` or `stream 1`.
    [[nodiscard]] std::string connection_text(std::size_t connection) const;
};

/// True if a frame, or bytes without borders, are expected: otherwise it is how a stream ends.
[[nodiscard]] inline bool is_message(const script_step& step) noexcept {
    return step.is_stream || step.expected.what == arrival::kind::frame;
}

/// Which end is played: the other one is live.
enum class played_end : std::uint8_t { client, server };

/// Fails if bytes of the end that is to be played are missing.
[[nodiscard]] result<script> make_script(const recorded_lines& all, played_end played);

/// What `-v` writes does not say when its own end has ended its stream. Where that is unknown of
/// our end, it does so before the other end is expected to.
void add_missing_ends(script& all);

}  // namespace framewire
