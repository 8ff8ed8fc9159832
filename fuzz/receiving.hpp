#pragma once

#include "framewire/codec/direction_decoder.hpp"
#include "framewire/session/session.hpp"
#include "framewire/transcript/printer.hpp"

#include "trial.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace framewire::fuzz {

/// An event of a stream, without anything that depends on how it was cut.
struct outcome {
    event::kind what = event::kind::finished;
    std::uint64_t offset = 0;
    std::string payload{};
    std::uint64_t skipped_size = 0;
    errc error{};

    bool operator==(const outcome&) const = default;
};

inline std::string print(const std::vector<outcome>& all) {
    std::string text;
    for (const auto& one : all) {
        const wire_error error{one.error, one.offset, ""};
        text += "= " + print_event({one.what,
                                    {.payload = one.payload, .announced = one.skipped_size},
                                    one.offset},
                                   &error);
        if (one.what == event::kind::finished) text += " at " + std::to_string(one.offset);
        text += '\n';
    }
    return text;
}

/// A read in its own allocation, so that access after its end is detected, and freed before the
/// next one, so that late access is.
class lent_read {
public:
    explicit lent_read(bytes read) : copy_(read.begin(), read.end()) {}
    [[nodiscard]] bytes view() const { return {copy_.data(), copy_.size()}; }

private:
    std::vector<char> copy_;
};

/// The bounds of a receiver, for a session and for a bare decoder.
struct receiver {
    std::uint64_t assembled_bytes_max = limits{}.assembled_bytes_max;
    delivery mode = delivery::whole;

    [[nodiscard]] std::uint64_t payload_bytes_max() const {
        return mode == delivery::whole ? assembled_bytes_max : unknown_length - 1;
    }
};

/// The events of a session.
inline std::vector<outcome> receive(const framing& framing, const std::vector<bytes>& reads,
                                    receiver allowed = {}) {
    std::vector<outcome> all;
    std::string payload;
    session receiver_session(framing, {.assembled_bytes_max = allowed.assembled_bytes_max},
                             allowed.mode, {});
    const auto drain_events = [&] {
        while (const auto event = receiver_session.next()) {
            if (event->what == event::kind::frame) {
                payload += event->piece.payload;
                if (!event->piece.last) continue;
            }
            all.push_back({.what = event->what, .offset = event->offset});
            if (event->what == event::kind::frame) all.back().payload = std::exchange(payload, {});
            if (event->what == event::kind::skipped) {
                all.back().skipped_size = event->piece.announced;
                payload.clear();  // arrived before it was found too large
            }
            if (event->what == event::kind::failed)
                all.back().error = receiver_session.failure()->code;
        }
        receiver_session.hold();
    };
    for (const auto read : reads) {
        const lent_read lent(read);
        receiver_session.receive(lent.view());
        drain_events();
    }
    receiver_session.receive_eof();
    drain_events();
    return all;
}

/// How much of a payload a decoder may deliver that is not in its input.
struct joined_bytes {
    std::size_t at_once = 0;
    /// What comes before the payload in a frame; unknown if it is written in other bytes.
    std::uint64_t before = 0;

    static joined_bytes of(const framing& framing) {
        const auto layout = framing.describe();
        switch (layout.own) {
            // A byte that is written as others.
            case grammar::slip:
            case grammar::kiss:
            case grammar::cobs:
            case grammar::telnet:
            case grammar::jt808:
            case grammar::hdlc: return {1, unknown_length};
            // A carriage return that may end a line.
            case grammar::syslog_any: return {1, 0};
            default: break;
        }
        // The first bytes of a payload, in a header that came in pieces.
        if (layout.length)
            return {layout.length->lead, layout.length->offset - layout.length->lead};
        // What might have begun its end.
        std::size_t most = layout.end ? layout.end->mark().size() - 1 : 0;
        for (const auto& other : layout.other_ends) {
            most = std::max(most, other.mark().size() - 1);
        }
        return {most, layout.start.size()};
    }
};

/// The events of a decoder. Checks the contract of `stream_decoder`.
class strict_reader {
public:
    strict_reader(const framing& framing, const std::vector<bytes>& reads, receiver allowed)
        : framing_(framing),
          reads_(reads),
          allowed_(allowed),
          is_first_(framing.first() != nullptr),
          decoder_(make_decoder(is_first_ ? *framing.first() : framing)),
          joined_(joined_bytes::of(is_first_ ? *framing.first() : framing)) {}

    std::vector<outcome> read() {
        for (const auto each : reads_) {
            const lent_read lent(each);
            taken_ += each.size();
            stream_ += each;
            if (!take(lent.view())) return std::move(all_);
        }
        if (!end()) return std::move(all_);
        if (decoder_.phase() == frame_phase::between_frames) {
            all_.push_back({.what = event::kind::finished, .offset = decoder_.offset()});
        } else {
            fail(decoder_.truncation());
            expect(all_.back().error == errc::frame_truncated, "an end in a frame truncates it");
        }
        return std::move(all_);
    }

private:
    [[nodiscard]] decoder make_decoder(const framing& of) const {
        return of.decoder(allowed_.payload_bytes_max(), allowed_.assembled_bytes_max);
    }

    // All frames but the first have another framing.
    void follow_first() {
        if (all_.empty() || !std::exchange(is_first_, false)) return;
        const auto offset = decoder_.offset();
        decoder_ = make_decoder(framing_);
        decoder_.start_at(offset);
        joined_ = joined_bytes::of(framing_);
    }

    bool take(bytes input) {
        while (true) {
            follow_first();
            const auto before = input;
            const auto found = decoder_.next(input);
            expect(before.ends_with(input), "input is taken from the front");
            if (found.what == step::failed) {
                fail(decoder_.failure());
                expect_terminal(before);
                return false;
            }
            expect(decoder_.offset() == taken_ - input.size(), "the offset counts what is taken");
            if (found.what == step::need_more) {
                expect(input.empty(), "need_more comes when all is taken");
                expect(found.wanted > 0, "need_more wants something");
                return true;
            }
            expect(!before.empty() || input.empty(), "no input, nothing taken");
            note(found, before);
        }
    }

    // The stream's end may be that of a payload.
    bool end() {
        const auto found = decoder_.end_of_stream();
        if (found.what == step::need_more) return true;
        if (found.what == step::failed) {
            fail(decoder_.failure());
            expect_terminal({});
            return false;
        }
        note(found, {});
        expect(decoder_.offset() == taken_, "the end takes nothing");
        expect(decoder_.phase() == frame_phase::between_frames, "the end ends a payload");
        expect(decoder_.end_of_stream().what == step::need_more, "a stream ends once");
        return true;
    }

    void note(const decoded& found, bytes input) {
        if (found.what == step::piece) return append(found.piece, input);
        all_.push_back({.what = event::kind::skipped,
                        .offset = decoder_.frame_offset(),
                        .skipped_size = found.piece.announced});
        payload_.clear();
        inside_ = false;
    }

    void append(const piece& received, bytes input) {
        expect(received.first == !inside_, "first marks the first piece of a payload");
        expect(received.last || !received.payload.empty(), "only the last piece may be empty");
        const bool in_sight =
            received.payload.empty() ||
            (received.payload.data() >= input.data() &&
             received.payload.data() + received.payload.size() <= input.data() + input.size());
        if (!in_sight) expect_joined(received);
        payload_ += received.payload;
        inside_ = !received.last;
        if (!received.last) return;
        all_.push_back({.what = event::kind::frame,
                        .offset = decoder_.frame_offset(),
                        .payload = std::exchange(payload_, {})});
    }

    // Bytes that came in an earlier read, and were held back until it was known what they are.
    void expect_joined(const piece& received) const {
        const auto [size, before] = joined_;
        expect(received.payload.size() <= size, "a piece lies in the input");
        if (before == unknown_length) return;  // written in other bytes
        const auto at = decoder_.frame_offset() + before + payload_.size();
        expect(received.payload == bytes(stream_).substr(at, received.payload.size()),
               "a piece is what came");
    }

    void fail(const wire_error& error) {
        all_.push_back({.what = event::kind::failed, .offset = error.offset, .error = error.code});
    }

    // After an error, every input is left alone and the same error returned.
    void expect_terminal(bytes rest) {
        const auto offset = decoder_.offset();
        for (const bytes more : {rest, bytes("0000000001x"), bytes("\vx\x1C\r"), bytes()}) {
            bytes input = more;
            expect(decoder_.next(input).what == step::failed, "an error is terminal");
            expect(input == more && decoder_.offset() == offset,
                   "after an error nothing is taken");
            const auto& again = decoder_.failure();
            expect(again.code == all_.back().error && again.offset == all_.back().offset,
                   "an error is repeated");
        }
    }

    void expect(bool holds, std::string_view claim) const {
        if (!holds) refute(claim, framing_, reads_, print(all_));
    }

    const framing& framing_;
    const std::vector<bytes>& reads_;
    receiver allowed_;
    bool is_first_;
    decoder decoder_;
    std::vector<outcome> all_;
    joined_bytes joined_;
    std::string stream_;
    std::string payload_;
    std::uint64_t taken_ = 0;
    bool inside_ = false;
};

/// The events of a decoder that changes its framing by itself.
inline std::vector<outcome> read_direction(const framing& framing, const std::vector<bytes>& reads,
                                           receiver allowed) {
    direction_decoder reader(framing, allowed.payload_bytes_max());
    std::vector<outcome> all;
    std::string payload;
    const auto note = [&](const decoded& found) {
        const auto offset = reader.current().frame_offset();
        payload += found.piece.payload;
        if (found.what == step::skipped) {
            payload.clear();
            all.push_back({.what = event::kind::skipped,
                           .offset = offset,
                           .skipped_size = found.piece.announced});
        } else if (found.piece.last) {
            all.push_back({.what = event::kind::frame,
                           .offset = offset,
                           .payload = std::exchange(payload, {})});
        }
    };
    const auto fail = [&](const wire_error& error) {
        all.push_back({.what = event::kind::failed, .offset = error.offset, .error = error.code});
        return all;
    };
    for (const auto read : reads) {
        const lent_read lent(read);
        auto input = lent.view();
        while (true) {
            const auto found = reader.next(input);
            if (found.what == step::failed) return fail(reader.current().failure());
            if (found.what == step::need_more) break;
            note(found);
        }
    }
    auto& last = reader.current();
    if (const auto found = last.end_of_stream(); found.what != step::need_more) note(found);
    if (last.phase() != frame_phase::between_frames) return fail(last.truncation());
    all.push_back({.what = event::kind::finished, .offset = last.offset()});
    return all;
}

}  // namespace framewire::fuzz
