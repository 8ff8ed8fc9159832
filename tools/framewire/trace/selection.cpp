#include "selection.hpp"

#include "framewire/core/units.hpp"
#include "side_reader.hpp"

#include <array>
#include <deque>
#include <utility>

namespace framewire {
namespace {

using kind = transcript_line::kind;

// How many frames of both sides are shown before a failure, and after it.
constexpr std::size_t neighbours = 5;

// A frame, or what is left of a stream that has failed, as one line.
struct unit {
    transcript_line line;
    std::uint64_t begin = 0;  // in its stream
    bool follows_gap = false;
};

// Decides what is shown, and writes gaps in place of the rest.
class shown_part {
public:
    shown_part(const frame_selection& which, const line_sink& to) : which_(which), to_(to) {}

    void take(unit one, std::uint64_t number, bytes payload, bool is_failure) {
        if (which_.numbers && (number < which_.numbers->first || number > which_.numbers->last)) {
            return;
        }
        if (which_.content && payload.find(*which_.content) == bytes::npos) return;
        if (!which_.around_failed) return show(one);
        if (has_failed_) {
            if (after_++ < neighbours) show(one);
            return;
        }
        before_.push_back(std::move(one));
        if (before_.size() > neighbours + (is_failure ? 1 : 0)) before_.pop_front();
        if (!is_failure) return;
        has_failed_ = true;
        for (const auto& each : std::exchange(before_, {})) show(each);
    }
    // `at` is where its stream ends.
    void end(const transcript_line& line, std::uint64_t at) {
        if (shown_until_.at(index(line.way)) == at && (!which_.around_failed || has_failed_)) {
            to_(line);
        }
    }

private:
    static std::size_t index(direction way) { return way == direction::sent ? 1 : 0; }

    void show(const unit& one) {
        const auto way = way_of(one.line);
        auto& until = shown_until_.at(index(way));
        if (one.begin > until || one.follows_gap) {
            to_({.what = kind::gap,
                 .time = one.line.time,
                 .way = way,
                 .missing = one.begin - until,
                 .record = one.line.record});
        }
        until = one.begin + one.line.text.size();
        to_(one.line);
    }

    const frame_selection& which_;
    const line_sink& to_;
    std::array<std::uint64_t, 2> shown_until_{};
    std::deque<unit> before_;
    bool has_failed_ = false;
    std::size_t after_ = 0;
};

// Makes one line of each frame of a side.
class frame_lines {
public:
    frame_lines(const framing& client_frames, direction way, shown_part& to)
        : way_(way), reader_(client_frames, way), to_(to) {}

    void take(const transcript_line& line) {
        if (line.what == kind::gap) drop_pending();
        const bool is_data = line.what == kind::from_peer || line.what == kind::to_peer;
        if (is_data) pending_ += line.text;
        reader_.take(line, [&](const event& happened, std::uint64_t end) {
            if (happened.what == event::kind::finished) return;
            const bool is_failure = happened.what == event::kind::failed;
            const auto size =
                is_failure ? pending_.size() : static_cast<std::size_t>(end - begin_);
            pass(line, size, happened.piece.payload, is_failure);
        });
        if (line.what == kind::gap) {
            begin_ = reader_.offset();
            follows_gap_ = true;
        }
        if (line.what == kind::eof || line.what == kind::reset) to_.end(line, begin_);
        if (is_data) last_ = {.what = line.what, .time = line.time, .record = line.record};
    }
    void use(const transcript_line& line) { reader_.take(line, {}); }
    // A frame that has not ended.
    void finish() {
        if (!pending_.empty() && !reader_.over()) pass(last_, pending_.size(), {}, true);
    }

private:
    void pass(const transcript_line& latest, std::size_t size, bytes payload, bool is_failure) {
        unit one{{.what = way_ == direction::sent ? kind::to_peer : kind::from_peer,
                  .text = pending_.substr(0, size),
                  .time = latest.time,
                  .record = latest.record},
                 begin_,
                 std::exchange(follows_gap_, false)};
        pending_.erase(0, size);
        begin_ += size;
        ++number_;
        if (one.line.text.empty()) return;
        to_.take(std::move(one), number_, payload, is_failure);
    }
    void drop_pending() { pending_.clear(); }

    direction way_;
    side_reader reader_;
    shown_part& to_;
    std::string pending_;      // from the beginning of a frame on
    std::uint64_t begin_ = 0;  // its offset
    std::uint64_t number_ = 0;
    bool follows_gap_ = false;
    transcript_line last_{.what = transcript_line::kind::comment};
};

}  // namespace

result<frame_selection::range> parse_frame_range(std::string_view text) {
    frame_selection::range found;
    const auto border = text.find("..");
    const auto refuse = [] {
        return tl::unexpected(
            failure{"expected numbers of frames", "such as 100..110, 100.., ..110 or 100"});
    };
    const auto first = text.substr(0, border);
    const auto last = border == std::string_view::npos ? first : text.substr(border + 2);
    if (first.empty() && last.empty()) return refuse();
    if (!first.empty()) {
        const auto number = parse_number(first);
        if (!number || *number == 0) return refuse();
        found.first = *number;
    }
    if (!last.empty()) {
        const auto number = parse_number(last);
        if (!number || *number < found.first) return refuse();
        found.last = *number;
    }
    return found;
}

conversation selected(conversation shown, const frame_selection& which) {
    shown.read = [read = std::move(shown.read), frames = shown.framing,
                  which](const line_sink& to) {
        shown_part part(which, to);
        frame_lines client(frames, direction::received, part);
        frame_lines server(frames, direction::sent, part);
        auto done = read([&](const transcript_line& line) {
            switch (way_of(line)) {
                case direction::received: return client.take(line);
                case direction::sent: return server.take(line);
                default: break;
            }
            if (line.what != kind::framing) return;
            client.use(line);
            server.use(line);
            to(line);
        });
        client.finish();
        server.finish();
        return done;
    };
    return shown;
}

}  // namespace framewire
