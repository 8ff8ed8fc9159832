#include "resync.hpp"

#include "framewire/core/units.hpp"
#include "side_reader.hpp"
#include "walkthrough/dissector.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <memory>
#include <utility>

namespace framewire {
namespace {

using kind = transcript_line::kind;

// Enough for a header and some frames; the dissector takes byte after byte.
constexpr std::size_t tried_bytes = 4096;
// A header in the middle of a payload nearly always announces more.
constexpr std::uint64_t plausible_bytes_max = 1 * MiB;

// True if the data begin as a frame does that is not the stream's first.
bool is_plausible(const framing& frames, bytes data) {
    dissector parts(frames, limits{}.assembled_bytes_max);
    parts.pass_gap(1);
    bool is_any_whole = false;
    parts.receive(data.substr(0, tried_bytes),
                  [&](const frame_anatomy& frame) { is_any_whole |= frame.over(); });
    if (parts.failure() != nullptr) return false;
    const auto& open = parts.open();
    if (is_any_whole || !open || open->announced == unknown_length) return true;
    return open->announced <= plausible_bytes_max;
}

// `3 bytes of the client are`
std::string bytes_of(std::uint64_t count, std::string_view side) {
    return fmt::format("{} byte{} of the {} {}", count, count == 1 ? "" : "s", side,
                       count == 1 ? "is" : "are");
}

}  // namespace

// One side of a conversation.
class resynchroniser::filter {
public:
    filter(const framing& client_frames, direction way, const resync_plan& plan,
           const line_sink& to)
        : way_(way),
          when_(plan.when),
          frames_(way == direction::sent ? client_frames.reversed() : client_frames),
          left_(plan.from.at(static_cast<std::size_t>(side_of(way)))),
          searches_(plan.when != resync::never &&
                    plan.is_midway.at(static_cast<std::size_t>(side_of(way)))),
          is_pending_(left_ > 0 || (searches_ && frames_.first() != nullptr)),
          to_(to) {
        if (when_ == resync::errors) reader_.emplace(client_frames, way);
    }

    void take(const transcript_line& line) {
        switch (line.what) {
            case kind::from_peer:
            case kind::to_peer: return take_data(line);
            case kind::gap: return take_gap(line);
            case kind::event: return;
            default: break;
        }
        if (is_lost_) return;
        settle(line);
        pass(line);
    }
    void use(const transcript_line& line) {
        frames_ = way_ == direction::sent ? line.frames->reversed() : *line.frames;
        if (reader_) reader_->take(line, {});
    }

private:
    void take_data(const transcript_line& line) {
        if (is_lost_) return;
        bytes data = line.text;
        if (left_ > 0) {
            const auto size =
                static_cast<std::size_t>(std::min<std::uint64_t>(left_, data.size()));
            left_ -= size;
            passed_ += size;
            data.remove_prefix(size);
            if (data.empty()) return;
        } else if (searches_ && !is_plausible(frames_, data)) {
            passed_ += data.size();
            is_pending_ = true;
            return;
        }
        searches_ = false;
        settle(line);
        if (data.size() == line.text.size()) return pass(line);
        auto rest = line;
        rest.text = data;
        pass(rest);
    }
    void take_gap(const transcript_line& line) {
        if (is_lost_) return;
        if (when_ == resync::never) {
            is_lost_ = true;
            settle(line);
            remark(line, bytes_of(line.missing, side_name(side_of(way_))) +
                             " missing; what follows is left out");
            return to_(line);
        }
        missing_ += line.missing;
        left_ -= std::min(left_, line.missing);
        searches_ = is_pending_ = true;
    }
    // What was missing and passed over, before what comes now.
    void settle(const transcript_line& now) {
        if (!std::exchange(is_pending_, false) && passed_ == 0) return;
        const auto missing = std::exchange(missing_, 0);
        const auto passed = std::exchange(passed_, 0);
        const auto side = side_name(side_of(way_));
        if (missing > 0) {
            remark(now,
                   fmt::format("{} missing{}", bytes_of(missing, side),
                               passed == 0 ? ""
                                           : fmt::format("; the next {}, where no frame begins, "
                                                         "passed over",
                                                         passed)));
        }
        if (missing == 0 && passed > 0) {
            remark(now, bytes_of(passed, side) + " passed over");
        }
        auto gap = now;
        gap.what = kind::gap;
        gap.way = way_;
        gap.text.clear();
        gap.missing = missing + passed;
        pass(gap);
    }
    void pass(const transcript_line& line) {
        to_(line);
        if (!reader_) return;
        const bool was_over = reader_->failure() != nullptr;
        reader_->take(line, {});
        const bool has_failed = reader_->failure() != nullptr && !was_over;
        if (has_failed && line.what != kind::eof && line.what != kind::reset) {
            searches_ = is_pending_ = true;
        }
    }
    void remark(const transcript_line& now, std::string words) {
        to_({.what = kind::comment,
             .text = std::move(words),
             .time = now.time,
             .record = now.record});
    }

    direction way_;
    resync when_;
    framing frames_;
    std::uint64_t left_;  // to pass over because a person said so
    bool searches_;       // for the beginning of a frame
    bool is_pending_;     // a gap is to be told before what comes next
    bool is_lost_ = false;
    std::uint64_t missing_ = 0;
    std::uint64_t passed_ = 0;
    std::optional<side_reader> reader_;
    const line_sink& to_;
};

struct resynchroniser::sides {
    sides(const framing& client_frames, const resync_plan& plan, line_sink sink)
        : to(std::move(sink)),
          client(client_frames, direction::received, plan, to),
          server(client_frames, direction::sent, plan, to) {}

    line_sink to;
    filter client;
    filter server;
};

resynchroniser::resynchroniser(const framing& client_frames, const resync_plan& plan, line_sink to)
    : sides_(std::make_unique<sides>(client_frames, plan, std::move(to))) {}
resynchroniser::~resynchroniser() = default;

void resynchroniser::take(const transcript_line& line) {
    switch (way_of(line)) {
        case direction::received: return sides_->client.take(line);
        case direction::sent: return sides_->server.take(line);
        case direction::both: break;
    }
    sides_->to(line);
    if (line.what != kind::framing) return;
    sides_->client.use(line);
    sides_->server.use(line);
}

conversation resynchronised(conversation shown, const resync_plan& plan) {
    shown.read = [read = std::move(shown.read), frames = shown.framing,
                  plan](const line_sink& to) {
        resynchroniser each(frames, plan, to);
        return read([&](const transcript_line& line) { each.take(line); });
    };
    return shown;
}

}  // namespace framewire
