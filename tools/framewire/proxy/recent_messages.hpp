#pragma once

#include "cli/json.hpp"
#include "fault.hpp"
#include "framewire/codec/direction_decoder.hpp"
#include "framewire/codec/framing.hpp"
#include "framewire/net/observer.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace framewire {

/// What passed lately, for a page: the last messages, faults and errors, and the conversations
/// that they belong to. Bounded: what is older is left out, and counted. Thread-safe.
class recent_messages final : public observer {
public:
    /// What a page can show, and a person finds something in.
    static constexpr std::size_t messages_max = 1000;
    static constexpr std::size_t conversations_max = 200;
    static constexpr std::size_t shown_bytes_max = 1024;

    /// The framings are those of what the client and what the server sends, with their replies.
    recent_messages(framing client, framing server)
        : client_(std::move(client)), server_(std::move(server)) {}

    void on(const peer& who, const occurrence& what) override;
    void on_server(const peer& client, const occurrence& what);
    void add_fault(const peer& client, end_of to, std::uint64_t message, std::string_view what);
    void add_server_error(const peer& client, std::string_view words);

    /// All that was added after the entry with this number, and every conversation: `next`,
    /// `left_out`, `messages`, `conversations`, `conversations_left_out`.
    [[nodiscard]] json_value since(std::uint64_t number) const;

private:
    using clock = std::chrono::system_clock;

    struct entry {
        clock::time_point time{};
        std::uint64_t connection = 0;
        std::string_view what{};  // `request`, `reply`, `fault`, `error`, `opened`, `closed`
        bool is_server_side = false;
        std::uint64_t message = 0;  // of that direction, from 1; 0: it is none
        std::string text{};
        std::uint64_t size = 0;
        std::optional<std::chrono::microseconds> latency{};
    };
    /// Messages of one direction on one side.
    struct stream {
        explicit stream(const framing& frames) : decoder(frames) {}

        direction_decoder decoder;  // of what is sent
        std::string beginning{};
        std::uint64_t size = 0;
        std::uint64_t messages = 0;
        bool has_failed = false;
    };
    struct conversation {
        std::string client{};
        clock::time_point opened{};
        std::optional<clock::time_point> closed{};
        std::uint64_t faults = 0;
        std::uint64_t errors = 0;
        stream requests;
        stream replies;
        stream to_server;
        stream from_server;
        std::deque<clock::time_point> unanswered{};
    };

    void open(const peer& who);
    void add(entry one);
    void add_piece(conversation& of, stream& in, const piece& data, entry so_far);
    void add_sent(conversation& of, stream& in, bytes data, const entry& so_far);
    void measure(conversation& of, entry& one);
    void close(std::uint64_t id, conversation& one, const close_reason& why);
    [[nodiscard]] static json_value row_of(const entry& one);
    [[nodiscard]] static json_value row_of(std::uint64_t id, const conversation& one);

    framing client_;
    framing server_;
    mutable std::mutex mutex_;
    std::deque<entry> entries_;
    std::uint64_t added_ = 0;
    std::map<std::uint64_t, conversation> conversations_;
    std::uint64_t left_out_ = 0;  // conversations
};

}  // namespace framewire
