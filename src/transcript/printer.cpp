#include "framewire/transcript/printer.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"
#include "framewire/transcript/transcript.hpp"

#include <fmt/format.h>

namespace framewire {

std::string print_event(const event& happened, const wire_error* error) {
    switch (happened.what) {
        case event::kind::frame:
            if (happened.piece.idle) {
                return fmt::format("idle {} at {}", happened.piece.field, happened.offset);
            }
            return fmt::format("frame {} at {}", quote(happened.piece.payload), happened.offset);
        case event::kind::skipped:
            return fmt::format("skipped {} at {}", happened.piece.announced, happened.offset);
        case event::kind::finished: return "finished";
        case event::kind::failed: break;
    }
    return fmt::format("failed {}", error->message());
}

std::string print_event(const session& speaker, const event& happened) {
    return print_event(happened, speaker.failure());
}

std::string transcript_printer::begin(const framing& framing) const {
    return fmt::format("framing {}\n", framing.spec());
}

std::string transcript_printer::from_peer(bytes data, time_point now) {
    return clock(now) + bytes_line('<', data);
}

std::string transcript_printer::to_peer(bytes data, time_point now) {
    return clock(now) + bytes_line('>', data);
}

std::string transcript_printer::peer_ended(time_point now) {
    return clock(now) + fmt::format("{} eof\n", data_mark());
}

std::string transcript_printer::gap(std::uint64_t missing) const {
    return fmt::format("{} gap {}\n", data_mark(), missing);
}

std::string transcript_printer::event(const framewire::event& happened, const wire_error* error,
                                      time_point now) {
    using kind = framewire::event::kind;
    if (happened.what == kind::frame) return frame(happened.piece, happened.offset);
    auto line = event_line(print_event(happened, error));
    if (happened.what != kind::failed) return line;
    const bool is_reset = error->code == errc::io_reset;
    return clock(now) + (is_reset ? fmt::format("{} reset\n", data_mark()) : "") + line;
}

std::string transcript_printer::frame(const piece& data, std::uint64_t offset) {
    if (data.first) {
        beginning_.clear();
        payload_bytes_ = 0;
    }
    payload_bytes_ += data.payload.size();
    beginning_ += data.payload.substr(0, line_bytes_max_ - beginning_.size());
    if (!data.last) return {};
    const framewire::event whole{framewire::event::kind::frame,
                                 {.payload = beginning_, .idle = data.idle, .field = data.field},
                                 offset};
    auto line = event_line(print_event(whole, nullptr));
    if (payload_bytes_ > beginning_.size()) {
        line += fmt::format("# and {} more bytes\n", payload_bytes_ - beginning_.size());
    }
    std::string().swap(beginning_);  // assigning would keep the memory
    return line;
}

std::string transcript_printer::skipped(std::uint64_t size, std::uint64_t offset) {
    return event({framewire::event::kind::skipped, {.announced = size}, offset}, nullptr, last_);
}

std::string transcript_printer::finished() {
    return event({framewire::event::kind::finished, {}, 0}, nullptr, last_);
}

std::string transcript_printer::failed(const wire_error& error, time_point now) {
    return event({framewire::event::kind::failed, {}, error.offset}, &error, now);
}

std::string transcript_printer::clock(time_point now) {
    constexpr std::chrono::milliseconds noticeable{100};
    std::chrono::microseconds elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(now - last_);
    if (keeps_time_) elapsed = std::chrono::duration_cast<std::chrono::microseconds>(now - last_);
    if (elapsed < (keeps_time_ ? std::chrono::microseconds(1) : noticeable)) return {};
    // Shorter times are added to the next pause, so that the sum stays right.
    last_ += elapsed;
    return fmt::format("@ {}\n", format_duration(elapsed));
}

std::string transcript_printer::event_line(std::string_view text) const {
    return fmt::format("{} {}\n", is_sent_ ? "=>" : "=", text);
}

std::string transcript_printer::bytes_line(char direction, bytes data) const {
    auto line = fmt::format("{} {}\n", direction, print_bytes(data.substr(0, line_bytes_max_)));
    if (data.size() > line_bytes_max_) {
        line += fmt::format("# and {} more bytes\n", data.size() - line_bytes_max_);
    }
    return line;
}

}  // namespace framewire
