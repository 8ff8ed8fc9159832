#include "json_log.hpp"

#include <utility>

namespace framewire {
namespace {

std::string_view reason_of(close_reason::kind what) noexcept {
    switch (what) {
        case close_reason::kind::by_peer: return "peer";
        case close_reason::kind::by_service: return "local";
        case close_reason::kind::by_drain: return "drain";
        case close_reason::kind::by_error: break;
    }
    return "error";
}

std::optional<std::uint64_t> known(std::uint64_t size) noexcept {
    return size == unknown_length ? std::nullopt : std::optional(size);
}

}  // namespace

void json_log::on(const peer& who, const occurrence& what) {
    const std::lock_guard lock(mutex_);
    std::visit(
        overloaded{[&](const occurred::opened&) {
                       write(who, {.event = "connected", .tls = who.tls.get()});
                   },
                   [&](const occurred::received& frame) {
                       add_piece(who, json_direction::received, with(who).received, frame.payload,
                                 frame.offset);
                   },
                   [&](const occurred::sent_bytes& some) { sent(who, some.data); },
                   [&](const occurred::skipped& frame) {
                       write(who, {.event = "skipped",
                                   .direction = json_direction::received,
                                   .offset = frame.offset,
                                   .size = known(frame.size)});
                   },
                   [&](const occurred::peer_ended&) {
                       write(who, {.event = "ended", .direction = json_direction::received});
                   },
                   [&](const occurred::dropped& some) {
                       write(who, {.event = "dropped",
                                   .direction = json_direction::sent,
                                   .count = some.count});
                   },
                   [&](const occurred::closed& end) { closed(who, end.why); },
                   [&](const occurred::changed_framing& now) {
                       with(who).sent_decoder.use(now.frames.replies());
                   },
                   [&](const occurred::refused& how) { refused(who, how); }, [](const auto&) {}},
        what);
}

void json_log::sent(const peer& who, bytes data) {
    auto& one = with(who);
    while (true) {
        const auto found = one.sent_decoder.next(data);
        if (found.what != step::piece) return;
        add_piece(who, json_direction::sent, one.sent, found.piece,
                  one.sent_decoder.current().frame_offset());
    }
}

void json_log::add_piece(const peer& who, json_direction way, unfinished_payload& whole,
                         const piece& data, std::uint64_t offset) {
    const auto& payload = data.payload;
    if (data.whole()) {
        return write_frame(who, way, offset, payload.substr(0, how_.shown_bytes_max),
                           payload.size());
    }
    whole.size += payload.size();
    whole.beginning += payload.substr(0, how_.shown_bytes_max - whole.beginning.size());
    if (!data.last) return;
    const auto all = std::exchange(whole, {});
    write_frame(who, way, offset, all.beginning, all.size);
}

void json_log::write_frame(const peer& who, json_direction way, std::uint64_t offset,
                           bytes payload, std::uint64_t size) {
    write(
        who,
        {.event = "frame", .direction = way, .offset = offset, .size = size, .payload = payload});
}

void json_log::closed(const peer& who, const close_reason& why) {
    conversations_.erase(who.id);
    json_event happened{.event = "closed", .reason = reason_of(why.what)};
    if (why.error == nullptr) return write(who, happened);
    const auto& error = *why.error;
    const auto meaning = make_error_code(error.code).message();
    happened.offset = error.offset;
    happened.error = error_name(error.code);
    happened.message = error.words.empty() ? meaning : error.words;
    write(who, happened);
}

void json_log::refused(const peer& who, const occurred::refused& how) {
    const auto meaning = make_error_code(how.why).message();
    write(who, {.event = "refused",
                .error = error_name(how.why),
                .message = how.words.empty() ? std::string_view(meaning) : how.words});
}

// Nothing is formatted for a line that is not written.
void json_log::write(const peer& who, json_event happened) const {
    if (how_.admits && !how_.admits()) return;
    const bool is_known = who.id != 0 || who.remote.port != 0 || !who.remote.host.empty();
    const auto ours = is_known ? who.local.text() : std::string();
    const auto theirs = is_known ? who.remote.text() : std::string();
    const bool from_us = happened.direction ? *happened.direction == json_direction::sent
                                            : how_.opened == settings::opened_by::us;
    happened.from = from_us ? ours : theirs;
    happened.to = from_us ? theirs : ours;
    if (who.id != 0) happened.connection = who.id;
    happened.side = how_.side;
    how_.write(json_line(happened));
}

json_log::conversation& json_log::with(const peer& who) {
    return conversations_.try_emplace(who.id, framing_).first->second;
}

}  // namespace framewire
