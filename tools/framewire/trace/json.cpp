#include "json.hpp"

#include "cli/json_event.hpp"
#include "cli/print.hpp"
#include "framewire/transcript/session_target.hpp"
#include "printed_text.hpp"

namespace framewire {
namespace {

using kind = transcript_line::kind;

// All bytes of a line are decoded at once, so no limit may pause the session.
limits without_budget() {
    limits all;
    all.tiny_frames_per_second_max = 0;
    return all;
}

std::string_view name_of(event::kind what) noexcept {
    switch (what) {
        case event::kind::frame: return "frame";
        case event::kind::skipped: return "skipped";
        case event::kind::finished: return "ended";
        case event::kind::failed: break;
    }
    return "failed";
}

// One direction of the conversation, with the session that decodes it.
class stream_events {
public:
    stream_events(const framing& frames, std::string_view from, std::string_view to,
                  json_direction way, printed_text& out)
        : from_(from), to_(to), way_(way), decoder_(frames, without_budget()), out_(out) {}

    void perform(const transcript_line& line) {
        switch (line.what) {
            case kind::from_peer: return take(line.text, line);
            case kind::clock:
                return perform({.what = action::kind::wait, .elapsed = line.elapsed}, line);
            case kind::eof: return perform({.what = action::kind::end}, line);
            case kind::reset: return perform({.what = action::kind::reset}, line);
            case kind::framing: return use(*line.frames);
            default: return;
        }
    }
    void use(const framing& frames) {
        decoder_.apply({.what = action::kind::use, .frames = &frames});
    }
    void take(bytes data, const transcript_line& line) {
        perform({.what = action::kind::send, .data = data}, line);
    }

private:
    void perform(const action& todo, const transcript_line& line) {
        decoder_.apply(todo);
        while (const auto happened = decoder_.next()) print(*happened, line);
    }
    void print(const event& happened, const transcript_line& line) {
        json_event shown{.event = name_of(happened.what),
                         .time = line.time,
                         .from = from_,
                         .to = to_,
                         .direction = way_};
        std::string meaning;
        const auto& payload = happened.piece.payload;
        if (happened.what == event::kind::frame) {
            shown.offset = happened.offset;
            shown.size = payload.size();
            shown.payload = payload;
        } else if (happened.what == event::kind::skipped) {
            shown.offset = happened.offset;
            if (happened.piece.announced != unknown_length) shown.size = happened.piece.announced;
        } else if (happened.what == event::kind::failed) {
            const auto& error = *decoder_.receiver().failure();
            meaning = error.words.empty() ? make_error_code(error.code).message() : error.words;
            shown.offset = error.offset;
            shown.error = error_name(error.code);
            shown.message = meaning;
        }
        out_.add(json_line(shown));
    }

    std::string_view from_;
    std::string_view to_;
    json_direction way_;
    session_target decoder_;
    printed_text& out_;
};

}  // namespace

void print_events(const conversation& shown, const chunking& cuts) {
    const auto& [text, client, server, server_end, remarks] = shown;
    printed_text out;
    for (const auto& one : remarks) {
        out.add(json_line({.event = "remark", .time = {}, .message = one}));
    }
    stream_events from_peer(text.framing, client, server, json_direction::received, out);
    stream_events to_peer(text.framing.reversed(), server, client, json_direction::sent, out);
    for (const auto& line : cut(text.lines, cuts)) {
        if (line.what == kind::framing) to_peer.use(line.frames->reversed());
        line.what == kind::to_peer ? to_peer.take(line.text, line) : from_peer.perform(line);
    }
    if (server_end) to_peer.perform(*server_end);
    out.flush();
}

}  // namespace framewire
