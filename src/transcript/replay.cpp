#include "framewire/transcript/replay.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/transcript/printer.hpp"
#include "framewire/transcript/session_target.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <string>

namespace framewire {
namespace {

using kind = transcript_line::kind;

tl::unexpected<failure> differs(std::size_t number, std::string_view expected,
                                std::string_view found) {
    return tl::unexpected(failure{fmt::format(
        "line {}: expected '{}', but the session reported '{}'", number, expected, found)});
}

// Replies must be the same as our own encoding of their payloads.
class reply_check {
public:
    explicit reply_check(const framing& frames)
        : reader_(frames.reversed(), limits{}, delivery::whole, {}),
          writer_(frames, limits{}, delivery::whole, {}) {}

    result<void> check(const transcript& conversation) {
        std::string unread;
        for (const auto& line : conversation.lines) {
            if (line.what == kind::to_peer) {
                number_ = line.number;
                unread += line.text;
            } else if (line.what == kind::framing) {
                if (auto done = read(unread); !done) return done;
                unread.clear();
                reader_.use(line.frames->reversed());
                writer_.use(*line.frames);
            }
        }
        if (auto done = read(unread); !done) return done;
        reader_.receive_eof();
        if (auto done = read({}); !done) return done;
        if (encoded_ == stream_) return {};
        return differs(number_, print_bytes(stream_), print_bytes(encoded_));
    }

private:
    result<void> read(bytes data) {
        stream_ += data;
        if (!data.empty()) reader_.receive(data);
        while (const auto found = reader_.next()) {
            if (found->what == event::kind::failed) {
                return differs(number_, "frames of the framing", print_event(reader_, *found));
            }
            if (found->what != event::kind::frame) continue;
            if (!writer_.send(found->piece.payload)) {
                return differs(number_, "a payload that can be framed",
                               quote(found->piece.payload));
            }
            encoded_ += writer_.output();
            writer_.sent(writer_.output().size());
        }
        reader_.hold();
        return {};
    }

    session reader_;
    session writer_;
    std::string stream_;
    std::string encoded_;
    std::size_t number_ = 0;
};

result<void> replay_received(const transcript& conversation, cutting how) {
    player lines(conversation, {.how = how});
    session_target receiver(conversation.framing);
    return play(lines, receiver);
}

// Then it is compared with its `=>` lines, since not all that a foreign server sends is right.
bool says_what_was_sent(const transcript& conversation) {
    return std::ranges::any_of(conversation.lines, [](const transcript_line& line) {
        return line.what != kind::to_peer && way_of(line) == direction::sent;
    });
}

}  // namespace

result<void> replay(const transcript& conversation, cutting how) {
    return replay_received(conversation, how).and_then([&]() -> result<void> {
        if (says_what_was_sent(conversation)) {
            return replay_received(conversation.reversed(), how);
        }
        return reply_check(conversation.framing).check(conversation);
    });
}

result<void> replay_every_way(const transcript& conversation) {
    const auto explain = [](std::string_view way) {
        return [way](const failure& why) {
            return failure{fmt::format("{} ({})", why.message(), way), why.hint};
        };
    };
    const bool has_raw = conversation.framing.is_raw() ||
                         std::ranges::any_of(conversation.lines, [](const auto& line) {
                             return line.frames && line.frames->is_raw();
                         });
    if (has_raw) return replay(conversation, as_written{});
    std::size_t received_bytes = 0;
    std::size_t sent_bytes = 0;
    for (const auto& line : conversation.lines) {
        if (line.what == kind::from_peer) received_bytes += line.text.size();
        if (line.what == kind::to_peer) sent_bytes += line.text.size();
    }
    const auto stream_bytes =
        says_what_was_sent(conversation) ? std::max(received_bytes, sent_bytes) : received_bytes;
    auto outcome = replay(conversation, in_one_piece{});
    if (!outcome) return outcome;
    outcome = replay(conversation, byte_by_byte{}).map_error(explain("byte by byte"));
    for (std::size_t position = 1; outcome && position < stream_bytes; ++position) {
        outcome = replay(conversation, cut_at{position})
                      .map_error(explain(fmt::format("cut at {}", position)));
    }
    return outcome;
}

}  // namespace framewire
