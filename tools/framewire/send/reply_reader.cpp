#include "reply_reader.hpp"

#include "framewire/core/error.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>

namespace framewire {

result<void> reply_reader::take(const piece& data, std::uint64_t sent_bytes, bool shows_progress) {
    switch (rules_.borders) {
        case reply_borders::frames: {
            const auto total = rules_.lengths_are_bytes ? data.announced : unknown_length;
            auto taken = take_frame(data);
            if (taken && shows_progress && !data.last) {
                progress_.show("received", received_, total);
            }
            return taken;
        }
        case reply_borders::none:
            count_ = 1;
            received_ += data.payload.size();
            if (shows_progress) progress_.show("received", received_, unknown_length);
            return print(data.payload, false);
        case reply_borders::as_many_bytes: break;
    }
    auto taken = take_echo(data.payload);
    if (shows_progress && echoed_ < sent_bytes) {
        progress_.show("received", echoed_, sent_bytes);
    }
    return taken;
}

result<void> reply_reader::take_frame(const piece& data) {
    if (data.first) received_ = 0;
    received_ += data.payload.size();
    const bool is_known = data.announced != unknown_length;
    if (received_ > rules_.bytes_max || (is_known && data.announced > rules_.bytes_max)) {
        return tl::unexpected(
            failure{fmt::format("{}: the reply has more than {}",
                                error_name(errc::frame_too_large), format_size(rules_.bytes_max)),
                    "raise --max-payload"});
    }
    if (data.last) ++count_;
    return print(data.payload, data.last);
}

result<void> reply_reader::take_echo(bytes data) {
    echoed_ += data.size();
    const auto held_max = to_.adds_line_ends() ? rules_.held_bytes_max : 0;
    if (holds_ && held_.size() + data.size() <= held_max) {
        held_ += data;
        return {};
    }
    holds_ = false;
    auto printed = print(held_, false);
    std::string().swap(held_);
    return printed.and_then([&] { return print(data, false); });
}

result<void> reply_reader::note_sent(std::uint64_t messages, std::uint64_t sent_bytes) {
    const bool counts = rules_.borders == reply_borders::as_many_bytes;
    if (!counts || count_ == messages || echoed_ < sent_bytes) return {};
    count_ = messages;
    holds_ = true;
    auto printed = print(held_, true);
    held_.clear();
    return printed;
}

result<void> reply_reader::print(bytes data, bool last) {
    if (to_.is_terminal()) progress_.stop();
    return to_.write(data, last);
}

}  // namespace framewire
