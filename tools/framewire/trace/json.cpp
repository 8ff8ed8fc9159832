#include "json.hpp"

#include "cli/json_event.hpp"
#include "cli/print.hpp"
#include "printed_text.hpp"
#include "side_reader.hpp"

namespace framewire {
namespace {

using kind = transcript_line::kind;

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
    stream_events(const conversation& shown, direction way, printed_text& out)
        : from_(way == direction::sent ? shown.server : shown.client),
          to_(way == direction::sent ? shown.client : shown.server),
          way_(way == direction::sent ? json_direction::sent : json_direction::received),
          reader_(shown.framing, way),
          out_(out) {}

    void take(const transcript_line& line) {
        if (line.what == kind::gap) print_gap(line);
        reader_.take(line, [&](const event& happened, std::uint64_t) { print(happened, line); });
        if (line.time) last_ = {.what = line.what, .time = line.time, .record = line.record};
    }
    // A frame that has begun and not ended.
    void finish() {
        const auto why = reader_.unfinished();
        if (!why) return;
        auto shown = begin("incomplete", last_);
        shown.offset = why->offset;
        shown.error = error_name(why->code);
        shown.message = why->words;
        out_.add(json_line(shown));
    }

private:
    [[nodiscard]] json_event begin(std::string_view name, const transcript_line& line) const {
        json_event shown{
            .event = name, .time = line.time, .from = from_, .to = to_, .direction = way_};
        if (line.record > 0) shown.record = line.record;
        return shown;
    }
    void print_gap(const transcript_line& line) {
        auto shown = begin("gap", line);
        shown.offset = reader_.offset();
        shown.size = line.missing;
        out_.add(json_line(shown));
    }
    void print(const event& happened, const transcript_line& line) {
        auto shown = begin(name_of(happened.what), line);
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
            const auto& error = *reader_.failure();
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
    side_reader reader_;
    transcript_line last_{.what = transcript_line::kind::comment};
    printed_text& out_;
};

}  // namespace

result<void> print_events(const conversation& shown) {
    printed_text out;
    for (const auto& one : shown.remarks) {
        out.add(json_line({.event = "remark", .time = {}, .message = one}));
    }
    stream_events client(shown, direction::received, out);
    stream_events server(shown, direction::sent, out);
    auto read = shown.read([&](const transcript_line& line) {
        const auto way = way_of(line);
        if (way != direction::sent) client.take(line);
        if (way != direction::received) server.take(line);
    });
    if (!read) return read;
    client.finish();
    server.finish();
    out.flush();
    return {};
}

}  // namespace framewire
