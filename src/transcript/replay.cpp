#include "framewire/transcript/replay.hpp"

#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <utility>
#include <vector>

namespace framewire {
namespace {

using kind = transcript_line::kind;

// A stretch of the conversation without a border in time: what happens first, the bytes that
// come, and what the session is expected to say about all of it.
struct stretch {
    kind begins_with = kind::from_peer;
    std::chrono::milliseconds elapsed{0};
    std::vector<std::string> reads{};
    std::vector<const transcript_line*> expected{};
};

std::vector<stretch> divide(const transcript& conversation) {
    std::vector<stretch> stretches(1);
    for (const auto& line : conversation.lines) {
        if (line.what == kind::clock || line.what == kind::eof || line.what == kind::reset) {
            stretches.push_back({.begins_with = line.what, .elapsed = line.elapsed});
        }
        if (line.what == kind::from_peer) stretches.back().reads.push_back(line.text);
        if (line.what == kind::event) stretches.back().expected.push_back(&line);
    }
    return stretches;
}

std::vector<std::string> cut(const std::vector<std::string>& reads, const cutting& how,
                             std::size_t stream_offset) {
    if (std::holds_alternative<as_written>(how)) return reads;
    std::string all;
    for (const auto& read : reads) all += read;
    std::vector<std::string> pieces;
    if (std::holds_alternative<byte_by_byte>(how)) {
        for (const char byte : all) pieces.emplace_back(1, byte);
        return pieces;
    }
    const auto* at = std::get_if<cut_at>(&how);
    const auto border = at != nullptr && at->position > stream_offset
                            ? std::min(at->position - stream_offset, all.size())
                            : all.size();
    pieces.push_back(all.substr(0, border));
    if (border < all.size()) pieces.push_back(all.substr(border));
    return pieces;
}

std::string without_words(std::string_view said) {
    return std::string(said.starts_with("failed ") ? said.substr(0, said.find(':')) : said);
}

tl::unexpected<failure> differs(std::size_t number, std::string_view expected,
                                std::string_view said) {
    return tl::unexpected(failure{
        fmt::format("line {}: expected '{}', but the session said '{}'", number, expected, said)});
}

class replayer {
public:
    replayer(const transcript& conversation, cutting how)
        : conversation_(conversation),
          how_(how),
          session_(conversation.framing, limits{}, delivery::whole, now_) {}

    result<void> run() {
        std::size_t offset = 0;
        for (const auto& stretch : divide(conversation_)) {
            said_.clear();
            begin(stretch);
            for (const auto& read : cut(stretch.reads, how_, offset)) {
                if (session_.wants_input()) session_.receive(read);
                listen();
                offset += read.size();
            }
            if (auto same = compare(stretch); !same) return same;
        }
        return {};
    }

private:
    void begin(const stretch& stretch) {
        now_ += stretch.elapsed;
        session_.tick(now_);
        if (stretch.begins_with == kind::eof) session_.receive_eof();
        if (stretch.begins_with == kind::reset) session_.receive_error(errc::io_reset, "");
        session_.expire();
        listen();
    }

    void listen() {
        while (const auto said = session_.next()) said_.push_back(print_event(session_, *said));
        session_.hold();
    }

    result<void> compare(const stretch& stretch) {
        const auto& expected = stretch.expected;
        const bool words_count = std::holds_alternative<in_one_piece>(how_);
        for (std::size_t i = 0; i < std::max(expected.size(), said_.size()); ++i) {
            if (i >= expected.size()) return differs(last_line(stretch), "nothing more", said_[i]);
            const auto& line = *expected[i];
            if (i >= said_.size()) return differs(line.number, line.text, "nothing");
            const bool has_words = line.text.find(": ") != std::string::npos;
            const bool same = line.text == said_[i] ||
                              (without_words(line.text) == without_words(said_[i]) &&
                               !(words_count && has_words && line.text.starts_with("failed ")));
            if (!same) return differs(line.number, line.text, said_[i]);
        }
        return {};
    }

    [[nodiscard]] std::size_t last_line(const stretch& stretch) const {
        if (!stretch.expected.empty()) return stretch.expected.back()->number;
        return conversation_.lines.empty() ? 0 : conversation_.lines.back().number;
    }

    const transcript& conversation_;
    cutting how_;
    time_point now_{};
    session session_;
    std::vector<std::string> said_;
};

// Whatever we say to a peer must be what our own encoder makes of the payloads in it.
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
    while (const auto said = reader.next()) {
        if (said->what == event::kind::failed) {
            return differs(number, "frames of the framing", print_event(reader, *said));
        }
        if (said->what != event::kind::frame) continue;
        if (!conversation.framing.encode(said->part.payload, encoded)) {
            return differs(number, "a payload that can be framed", quote(said->part.payload));
        }
    }
    if (encoded != stream) return differs(number, print_bytes(stream), print_bytes(encoded));
    return {};
}

}  // namespace

result<void> replay(const transcript& conversation, cutting how) {
    return replayer(conversation, how).run().and_then([&] { return check_replies(conversation); });
}

result<void> replay_every_way(const transcript& conversation) {
    const auto explain = [](std::string_view way) {
        return [way](const failure& why) {
            return failure{fmt::format("{} ({})", why.message, way), why.hint};
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

std::string print_event(const session& speaker, const event& said) {
    switch (said.what) {
        case event::kind::frame:
            return fmt::format("frame {} at {}", quote(said.part.payload), said.offset);
        case event::kind::skipped:
            return fmt::format("skipped {} at {}", said.part.announced, said.offset);
        case event::kind::finished: return "finished";
        case event::kind::failed: break;
    }
    return fmt::format("failed {}", speaker.failure()->message());
}

}  // namespace framewire
