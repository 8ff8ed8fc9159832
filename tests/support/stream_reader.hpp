#pragma once

#include "framewire/codec/codec.hpp"
#include "framewire/codec/framing.hpp"

#include "frame_oracle.hpp"

#include <gtest/gtest.h>
#include <cstddef>
#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire::tests {

inline framing framing_of(std::string_view spec) {
    auto parsed = framing::parse(spec);
    EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message());
    return parsed ? *parsed : *framing::parse("raw");
}

/// Feeds a decoder as a connection does, joins pieces, and checks that the decoder keeps the
/// contract of `stream_decoder`.
template <stream_decoder D>
class stream_reader {
public:
    explicit stream_reader(D decoder) : decoder_(std::move(decoder)) {}

    /// False once the stream has failed.
    bool feed(bytes input) {
        while (true) {
            const auto before = input;
            const auto found = decoder_.next(input);
            expect(input.empty() || (lies_in(input, before) && end_of(input) == end_of(before)),
                   "what is left is the end of the input");
            if (found.what == step::failed) return fail(decoder_.failure());
            if (found.what == step::need_more) {
                expect(input.empty(), "all input is taken if more is needed");
                expect(found.wanted >= 1, "a byte at least is needed");
                wanted_ = found.wanted;
                return true;
            }
            take(found, before);
        }
    }

    /// What was read. Requires: not called twice.
    reading end() {
        if constexpr (decoder_until_the_end<D>) {
            if (!all_.error) {
                if (const auto last = decoder_.end_of_stream(); last.what != step::need_more) {
                    take(last, {});
                }
            }
        }
        if (!all_.error && decoder_.phase() != frame_phase::between_frames)
            fail(decoder_.truncation());
        return std::move(all_);
    }

    D& decoder() { return decoder_; }
    [[nodiscard]] const reading& so_far() const { return all_; }
    [[nodiscard]] std::uint64_t wanted() const { return wanted_; }

private:
    bool fail(const wire_error& error) {
        all_.error = error.code;
        all_.error_offset = error.offset;
        return false;
    }

    // Without a macro of GoogleTest for each, as tests read millions of pieces.
    static void expect(bool holds, const char* what) {
        if (!holds) ADD_FAILURE() << "not so: " << what;
    }

    static const char* end_of(bytes whole) { return whole.data() + whole.size(); }

    static bool lies_in(bytes data, bytes whole) {
        return data.data() >= whole.data() && end_of(data) <= end_of(whole);
    }

    void take(const decoded& found, bytes input) {
        const auto offset = decoder_.frame_offset();
        if (found.what == step::skipped) {
            payload_.clear();
            inside_ = false;
            all_.frames.push_back({"", offset, true});
            return;
        }
        const auto& part = found.piece;
        expect(part.first != inside_, "the first piece of a payload, and only that, is first");
        expect(part.last || !part.payload.empty(), "a piece that is not the last has bytes");
        const bytes own(reinterpret_cast<const char*>(&decoder_), sizeof(decoder_));
        expect(part.payload.empty() || lies_in(part.payload, input) || lies_in(part.payload, own),
               "a piece is in the input or in the decoder");
        payload_ += part.payload;
        inside_ = !part.last;
        if (part.last) all_.frames.push_back({std::exchange(payload_, {}), offset, false});
    }

    D decoder_;
    reading all_;
    std::string payload_;
    bool inside_ = false;
    std::uint64_t wanted_ = 0;
};

/// Reads the stream in the given pieces.
template <stream_decoder D>
reading read_in(D decoder, const std::vector<bytes>& pieces) {
    stream_reader reader(std::move(decoder));
    for (const auto piece : pieces) {
        if (!reader.feed(piece)) break;
    }
    return reader.end();
}

template <stream_decoder D>
reading read_whole(D decoder, bytes stream) {
    stream_reader reader(std::move(decoder));
    reader.feed(stream);
    return reader.end();
}

template <stream_decoder D>
reading read_cut_at(D decoder, bytes stream, std::size_t cut) {
    stream_reader reader(std::move(decoder));
    if (reader.feed(stream.substr(0, cut))) reader.feed(stream.substr(cut));
    return reader.end();
}

/// Cuts after byte i if bit i of `cuts` is set.
template <stream_decoder D>
reading read_cut_by(D decoder, bytes stream, std::size_t cuts) {
    stream_reader reader(std::move(decoder));
    std::size_t begin = 0;
    for (std::size_t end = 1; end <= stream.size(); ++end) {
        if (end < stream.size() && (cuts >> (end - 1) & 1) == 0) continue;
        if (!reader.feed(stream.substr(begin, end - begin))) break;
        begin = end;
    }
    return reader.end();
}

template <stream_decoder D>
reading read_byte_by_byte(D decoder, bytes stream) {
    stream_reader reader(std::move(decoder));
    for (std::size_t at = 0; at < stream.size() && reader.feed(stream.substr(at, 1));) ++at;
    return reader.end();
}

inline void PrintTo(const reading& all, std::ostream* out) {
    for (const auto& frame : all.frames) {
        *out << (frame.skipped ? "skipped" : testing::PrintToString(frame.payload)) << " at "
             << frame.offset << ", ";
    }
    if (all.error) *out << error_name(*all.error) << " at " << all.error_offset;
}

}  // namespace framewire::tests
