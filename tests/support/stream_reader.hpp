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
            EXPECT_TRUE(before.ends_with(input));
            if (found.what == step::failed) return fail(decoder_.failure());
            if (found.what == step::need_more) {
                EXPECT_TRUE(input.empty());
                EXPECT_GE(found.wanted, 1U);
                wanted_ = found.wanted;
                return true;
            }
            take(found, before);
        }
    }

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
        return all_;
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

    static bool lies_in(bytes data, bytes whole) {
        return data.data() >= whole.data() &&
               data.data() + data.size() <= whole.data() + whole.size();
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
        EXPECT_EQ(part.first, !inside_);
        EXPECT_TRUE(part.last || !part.payload.empty());
        const bytes own(reinterpret_cast<const char*>(&decoder_), sizeof(decoder_));
        EXPECT_TRUE(part.payload.empty() || lies_in(part.payload, input) ||
                    lies_in(part.payload, own));
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
    return read_in(std::move(decoder), {stream});
}

template <stream_decoder D>
reading read_cut_at(D decoder, bytes stream, std::size_t cut) {
    return read_in(std::move(decoder), {stream.substr(0, cut), stream.substr(cut)});
}

template <stream_decoder D>
reading read_byte_by_byte(D decoder, bytes stream) {
    std::vector<bytes> pieces;
    for (std::size_t i = 0; i < stream.size(); ++i) pieces.push_back(stream.substr(i, 1));
    return read_in(std::move(decoder), pieces);
}

/// Cuts after byte i if bit i of `cuts` is set.
template <stream_decoder D>
reading read_cut_by(D decoder, bytes stream, std::size_t cuts) {
    std::vector<bytes> pieces;
    std::size_t begin = 0;
    for (std::size_t end = 1; end <= stream.size(); ++end) {
        if (end < stream.size() && (cuts >> (end - 1) & 1) == 0) continue;
        pieces.push_back(stream.substr(begin, end - begin));
        begin = end;
    }
    return read_in(std::move(decoder), pieces);
}

inline void PrintTo(const reading& all, std::ostream* out) {
    for (const auto& frame : all.frames) {
        *out << (frame.skipped ? "skipped" : testing::PrintToString(frame.payload)) << " at "
             << frame.offset << ", ";
    }
    if (all.error) *out << error_name(*all.error) << " at " << all.error_offset;
}

}  // namespace framewire::tests
