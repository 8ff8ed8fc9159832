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

namespace framewire {

/// Writes every conversation down as a transcript (`-v`), or as a walkthrough (`-vv`): the same
/// with its bytes explained in comments. Where connections take turns, a comment says whose turn
/// it is. A connection that has too much to say in a second is left out for the rest of it, and a
/// comment says of how much; of all connections together only so much is explained. Thread-safe.
class transcript_log final : public observer {
public:
    transcript_log(framing frames, int verbosity, output& to)
        : framing_(std::move(frames)), is_explained_(verbosity > 1), to_(to) {}

    void opened(const peer& who) override;
    void received_bytes(const peer& who, bytes part) override;
    void received(const peer& who, const piece& part, std::uint64_t offset) override;
    void skipped(const peer& who, std::uint64_t size, std::uint64_t offset) override;
    void peer_ended(const peer& who) override;
    void sent_bytes(const peer& who, bytes part) override;
    void closed(const peer& who, const close_reason& why) override;

private:
    using clock = std::chrono::steady_clock;

    struct conversation {
        explicit conversation(clock::time_point now) : printer(now), second(now) {}

        transcript_printer printer;
        std::optional<live_explanation> explanation{};
        clock::time_point second;
        unsigned told = 0;  // in that second
        std::uint64_t left_out = 0;
        bool inside_left_out_frame = false;
    };

    conversation& with(const peer& who);
    bool may_tell(const peer& who, conversation& one);
    void tell_what_is_missing(const peer& who, conversation& one);
    bool may_explain(const peer& who, const conversation& one);
    void write(const peer& who, const std::string& lines);

    framing framing_;
    bool is_explained_;
    output& to_;
    std::mutex mutex_;
    std::map<std::uint64_t, conversation> conversations_;
    clock::time_point second_{};
    unsigned explained_ = 0;  // in that second
    std::uint64_t speaking_ = unknown_length;
};

}  // namespace framewire
