// A stream taken apart and explained, beside the session that reads it.

#include "as_it_came.hpp"
#include "receiving.hpp"
#include "spec_lists.hpp"
#include "trial.hpp"
#include "walkthrough/glyphs.hpp"
#include "walkthrough/walk_text.hpp"

#include "framewire/transcript/replay.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::fuzz {
namespace {

using stage = frame_anatomy::stage;

// One stream in one way of cutting it.
class trial_walk {
public:
    trial_walk(const framing& frames, receiver allowed, bytes stream, std::vector<bytes> reads)
        : frames_(frames), allowed_(allowed), stream_(stream), reads_(std::move(reads)) {}

    // Frames touch each other, and every byte up to a failure is in one.
    void take_apart() {
        dissector receiver(frames_, allowed_.assembled_bytes_max);
        std::uint64_t offset = 0;
        for (const auto read : reads_) {
            if (!found_.empty() && !found_.back().over()) found_.pop_back();
            const lent_read lent(read);
            offset += read.size();
            for (const auto& frame : receiver.receive(lent.view())) {
                expect(frame.offset == (found_.empty() ? 0 : found_.back().end()),
                       "a frame begins where the one before ends");
                expect(frame.end() > offset - read.size() && frame.end() <= offset,
                       "a frame that is told ends in the chunk");
                found_.push_back(frame);
            }
            peer_.push_back(offset);
        }
        if (auto last = receiver.receive_eof()) found_.back() = std::move(*last);
        if (receiver.failure() != nullptr) failure_ = *receiver.failure();
        expect(failure_ || found_.empty() || found_.back().end() == stream_.size(),
               "every byte is part of a frame");
    }

    /// What a session would say of these frames; of a payload, as much as is shown.
    [[nodiscard]] std::vector<outcome> says() const {
        std::vector<outcome> all;
        for (const auto& frame : found_) {
            if (frame.reached == stage::complete) {
                all.push_back({.what = event::kind::frame,
                               .offset = frame.begins,
                               .payload = frame.payload,
                               .skipped_size = frame.counted});
            } else if (frame.reached == stage::skipped) {
                all.push_back({.what = event::kind::skipped,
                               .offset = frame.begins,
                               .skipped_size = frame.counted});
            }
        }
        const bool inside = !found_.empty() && !found_.back().over() && !found_.back().is_between;
        if (failure_) {
            all.push_back({.what = event::kind::failed,
                           .offset = failure_->offset,
                           .error = failure_->code});
        } else if (inside) {
            all.push_back({.what = event::kind::failed,
                           .offset = stream_.size(),
                           .error = errc::frame_truncated});
        } else {
            all.push_back({.what = event::kind::finished, .offset = stream_.size()});
        }
        return all;
    }

    void expect_said(std::vector<outcome> expected) const {
        for (auto& one : expected) {
            if (one.what != event::kind::frame) continue;
            one.skipped_size =
                framing_of(&one == &expected.front()).counts() == counting::in_characters
                    ? count_utf8(one.payload)
                    : one.payload.size();
            one.payload.resize(std::min(one.payload.size(), frame_anatomy::shown_bytes_max));
        }
        const auto told = says();
        if (told != expected) {
            refute("the dissector finds what a session says", frames_, reads_,
                   "session:\n" + print(expected) + "dissector:\n" + print(told));
        }
    }

    // Where a payload is one stretch of the stream, it is the one that is shown.
    void expect_in_place() const {
        for (const auto& frame : found_) {
            expect(kept(frame.header, frame.offset, frame.header_bytes), "a header is shown");
            expect(kept(frame.trailer, frame.trailer_offset(), frame.trailer_bytes),
                   "a trailer is shown");
            if (!tests::is_as_it_came(framing_of(&frame == &found_.front()))) continue;
            expect(kept(frame.payload, frame.payload_offset(), frame.payload_bytes),
                   "a payload is shown");
        }
    }

    void expect_straight_ruler() const {
        const auto parts = parts_of(found_, failure_ ? failure_->offset : unknown_length);
        const auto plain = draw_ruler(stream_, 0, parts, peer_, false);
        const auto coloured = draw_ruler(stream_, 0, parts, peer_, true);
        expect(plain.size() == coloured.size(), "colour adds no line");
        for (std::size_t at = 0; at < plain.size(); ++at) {
            expect(columns_of(plain[at]) <= 78, "a ruler fits a terminal");
            expect(without_colour(coloured[at]) == plain[at], "colour changes no word");
        }
        static_cast<void>(print_anatomy(frames_, stream_, stream_.size(), found_, peer_,
                                        failure_ ? &*failure_ : nullptr, true));
    }

    void expect_transcript() const {
        walk receiver(frames_, {.assembled_bytes_max = allowed_.assembled_bytes_max});
        auto text = "framing " + frames_.spec() + "\n";
        for (const auto read : reads_) {
            const lent_read lent(read);
            text += print_step(receiver.receive(lent.view()), "chunk", false);
        }
        text += receiver.receive_eof();
        const auto parsed = transcript::parse(text);
        if (!parsed) refute("a walkthrough is a transcript", frames_, reads_, text);
        const auto same = replay(*parsed, as_written{});
        if (!same) {
            refute("a walkthrough replays", frames_, reads_, text + same.error().message());
        }
    }

private:
    [[nodiscard]] const framing& framing_of(bool is_first) const {
        return is_first && frames_.first() != nullptr ? *frames_.first() : frames_;
    }
    [[nodiscard]] bool kept(bytes shown, std::uint64_t at, std::uint64_t size) const {
        const auto most = std::min<std::uint64_t>(size, frame_anatomy::shown_bytes_max);
        return shown ==
               stream_.substr(static_cast<std::size_t>(at), static_cast<std::size_t>(most));
    }
    static std::size_t columns_of(bytes line) {
        std::size_t columns = 0;
        while (!line.empty()) {
            const auto one = character_at(line);
            columns += one.columns;
            line.remove_prefix(std::max<std::size_t>(one.text.size(), 1));
        }
        return columns;
    }
    static std::string without_colour(std::string text) {
        for (auto at = text.find("\x1b["); at != std::string::npos; at = text.find("\x1b[")) {
            text.erase(at, text.find('m', at) + 1 - at);
        }
        return text;
    }
    void expect(bool holds, std::string_view claim) const {
        if (!holds) refute(claim, frames_, reads_);
    }

    const framing& frames_;
    receiver allowed_;
    bytes stream_;
    std::vector<bytes> reads_;
    std::vector<frame_anatomy> found_;
    std::vector<std::uint64_t> peer_;
    std::optional<wire_error> failure_;
};

void expect_walk(const framing& frames, const trial& input) {
    std::vector<std::vector<bytes>> cuts{input.reads()};
    if (!frames.is_raw()) {
        cuts.push_back({input.stream});
        cuts.push_back(byte_by_byte(input.stream));
    }
    constexpr std::uint64_t few = 6;
    for (const receiver allowed : {receiver{}, receiver{few}}) {
        const auto received = receive(frames, cuts.front(), allowed);
        for (const auto& reads : cuts) {
            trial_walk one(frames, allowed, input.stream, reads);
            one.take_apart();
            one.expect_said(received);
            one.expect_in_place();
            if (&reads != &cuts.front() || allowed.assembled_bytes_max == few) continue;
            one.expect_straight_ruler();
            one.expect_transcript();
        }
    }
}

}  // namespace
}  // namespace framewire::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace framewire::fuzz;
    // A line of a transcript is cut there, and does not replay.
    constexpr std::size_t line_bytes_max = 4096;
    static const auto framings = parse_specs({});
    if (size < trial::head_bytes || size > line_bytes_max) return -1;
    const auto input = trial::parse({reinterpret_cast<const char*>(data), size});
    const auto& frames = framings[input.spec % framings.size()];
    expect_walk(frames, input);
    if (!frames.is_symmetric()) expect_walk(frames.reversed(), input);
    return 0;
}
