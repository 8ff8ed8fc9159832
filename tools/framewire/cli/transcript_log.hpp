#pragma once

#include "framewire/net/observer.hpp"
#include "framewire/transcript/printer.hpp"
#include "output.hpp"
#include "walkthrough/live_explanation.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// Writes every conversation as a transcript (`-v`), or as a walkthrough (`-vv`), whose comments
/// explain its bytes. When lines of several connections alternate, a comment names the connection;
/// with timestamps, another has the time. Above a bound of lines per connection and second, the
/// rest of that second is omitted, and a comment says how much; explanations have a bound for all
/// connections together. Thread-safe.
class transcript_log final : public observer {
public:
    /// `frames` is the framing of what is received, and its `replies()` that of what is sent.
    transcript_log(framing frames, int verbosity, output& to, bool has_timestamps = false)
        : framing_(std::move(frames)),
          is_explained_(verbosity > 1),
          has_timestamps_(has_timestamps),
          to_(to) {}

    void on(const peer& who, const occurrence& what) override;
    /// In place of `occurred::opened` of a connection whose framing is not that of the others.
    /// `words`, if there are some, become a comment.
    void open(const peer& who, const framing& frames, std::string_view words);

private:
    using clock = std::chrono::steady_clock;

    struct conversation {
        explicit conversation(clock::time_point now) : printer(now), second(now) {}

        transcript_printer printer;
        std::optional<live_explanation> explanation{};
        clock::time_point second;
        unsigned printed = 0;  // in that second
        std::uint64_t left_out = 0;
        bool inside_left_out_frame = false;
    };

    void opened(const peer& who, const framing& frames, std::string_view words);
    void changed(const peer& who, const framing& frames);
    void received_bytes(const peer& who, bytes data);
    void received(const peer& who, const occurred::received& frame);
    void skipped(const peer& who, const occurred::skipped& frame);
    void peer_ended(const peer& who);
    void sent_bytes(const peer& who, bytes data);
    void closed(const peer& who, const close_reason& why);

    conversation& with(const peer& who);
    bool may_print(const peer& who, conversation& one);
    void print_left_out(const peer& who, conversation& one);
    bool may_explain(const peer& who, const conversation& one);
    void write(const peer& who, const std::string& lines);

    framing framing_;
    bool is_explained_;
    bool has_timestamps_;
    output& to_;
    std::mutex mutex_;
    std::map<std::uint64_t, conversation> conversations_;
    clock::time_point second_{};
    unsigned explained_ = 0;  // in that second
    std::uint64_t current_ = unknown_length;
};

}  // namespace framewire
