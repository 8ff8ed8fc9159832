#pragma once

#include "framewire/codec/direction_decoder.hpp"
#include "framewire/net/observer.hpp"
#include "json_event.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace framewire {

/// Writes what happens on connections as lines of JSON, one for each event: `connected`, `frame`
/// (received and sent), `skipped`, `ended`, `dropped`, `closed`, `refused` (docs/json.md). Serves
/// a server and a client. Thread-safe.
class json_log final : public observer {
public:
    struct settings {
        /// Who connected.
        enum class opened_by : std::uint8_t { peer, us } opened = opened_by::peer;
        /// Of every event (`json_event::side`).
        std::string_view side{};
        /// How much of a payload a line has; the rest is omitted.
        std::size_t shown_bytes_max = 0;
        /// Takes a whole line. Called with a lock; must not throw, as observers' exceptions are
        /// lost: keep it and end the loop.
        std::function<void(std::string_view line)> write{};
        /// Whether the line of a frame may be written; empty: always. If not, it is not even made.
        std::function<bool()> admits{};
    };

    /// `frames` is the framing of what is received, and its `replies()` that of what is sent.
    json_log(framing frames, settings how) : framing_(std::move(frames)), how_(std::move(how)) {}

    void on(const peer& who, const occurrence& what) override;

private:
    struct unfinished_payload {
        std::string beginning{};
        std::uint64_t size = 0;
    };
    struct conversation {
        explicit conversation(const framing& frames) : sent_decoder(frames.replies()) {}

        direction_decoder sent_decoder;
        unfinished_payload received{};
        unfinished_payload sent{};
    };

    void sent(const peer& who, bytes data);
    void add_piece(const peer& who, json_direction way, unfinished_payload& whole,
                   const piece& data, std::uint64_t offset);
    void write_frame(const peer& who, json_direction way, std::uint64_t offset, bytes payload,
                     std::uint64_t size);
    void closed(const peer& who, const close_reason& why);
    void refused(const peer& who, const occurred::refused& how);
    void write(const peer& who, json_event happened) const;
    conversation& with(const peer& who);

    framing framing_;
    settings how_;
    std::mutex mutex_;
    std::unordered_map<std::uint64_t, conversation> conversations_;
};

}  // namespace framewire
