#include "framewire/transcript/replay.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/transcript/printer.hpp"
#include "framewire/transcript/session_target.hpp"

#include <fmt/format.h>
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
result<void> check_replies(const transcript& conversation) {
    std::string stream;
    std::size_t number = 0;
    for (const auto& line : conversation.lines) {
        if (line.what != kind::to_peer) continue;
        stream += line.text;
        number = line.number;
    }
    std::string encoded;
    session reader(conversation.framing, limits{}, delivery::whole, {});
    reader.receive(stream);
    reader.receive_eof();
    while (const auto found = reader.next()) {
        if (found->what == event::kind::failed) {
            return differs(number, "frames of the framing", print_event(reader, *found));
        }
        if (found->what != event::kind::frame) continue;
        if (!conversation.framing.encode(found->piece.payload, encoded)) {
            return differs(number, "a payload that can be framed", quote(found->piece.payload));
        }
    }
    if (encoded != stream) return differs(number, print_bytes(stream), print_bytes(encoded));
    return {};
}

}  // namespace

result<void> replay(const transcript& conversation, cutting how) {
    player lines(conversation, {.how = how});
    session_target receiver(conversation.framing);
    return play(lines, receiver).and_then([&] { return check_replies(conversation); });
}

result<void> replay_every_way(const transcript& conversation) {
    const auto explain = [](std::string_view way) {
        return [way](const failure& why) {
            return failure{fmt::format("{} ({})", why.message(), way), why.hint};
        };
    };
    if (conversation.framing.is_raw()) return replay(conversation, as_written{});
    std::size_t stream_bytes = 0;
    for (const auto& line : conversation.lines) {
        if (line.what == kind::from_peer) stream_bytes += line.text.size();
    }
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
