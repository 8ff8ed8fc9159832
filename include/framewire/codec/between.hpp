#pragma once

#include "framewire/codec/detail/reading_decoder.hpp"
#include "framewire/codec/detail/short_bytes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

/// The last bytes of a payload that comes in pieces.
class recent_bytes {
public:
    /// Requires: at most `short_bytes::bytes_max`, and so many were added.
    [[nodiscard]] bytes last(std::size_t count) const noexcept {
        return {bytes_.data() + (bytes_.size() - count), count};
    }
    void add(bytes data) noexcept {
        const auto added = data.substr(data.size() - std::min(data.size(), bytes_.size()));
        std::move(bytes_.begin() + static_cast<std::ptrdiff_t>(added.size()), bytes_.end(),
                  bytes_.begin());
        added.copy(bytes_.data() + (bytes_.size() - added.size()), added.size());
    }

private:
    std::array<char, short_bytes::bytes_max> bytes_{};
};

/// What surrounds payloads.
struct frame_marks {
    short_bytes start;
    short_bytes end;
    /// Bytes that are passed over between frames.
    short_bytes skip{};
    /// Bytes after `end`: any when received, zeros when sent.
    std::uint8_t trailer_size = 0;

    /// The bytes that a scan for either mark must stop at: the first of `end`, the last of
    /// `start`.
    [[nodiscard]] char end_byte() const noexcept { return end.view().front(); }
    [[nodiscard]] char start_byte() const noexcept { return start.view().back(); }
    /// Where `data` stops being payload: the first byte of `end`, the last of `start`, or the end
    /// of `data`; `earlier` are the payload's last bytes before it.
    [[nodiscard]] std::size_t find_either(bytes data, bytes earlier) const noexcept {
        // One search for each byte, by the C library, takes half the time of a loop that compares
        // with both, as it has wider vectors. In parts, so that the second finds the first-level
        // cache filled.
        constexpr std::size_t part_bytes = 4096;
        for (std::size_t from = 0; from < data.size(); from += part_bytes) {
            const auto part = data.substr(from, part_bytes);
            const auto stop = from + std::min(part.find(end_byte()), part.size());
            const auto payload = data.substr(0, stop);
            for (auto at = payload.find(start_byte(), from); at != bytes::npos;
                 at = payload.find(start_byte(), at + 1)) {
                if (starts_at(data, at, earlier)) return at;
            }
            if (stop < from + part.size()) return stop;
        }
        return data.size();
    }
    /// True if `start` ends with the byte at `at`; `earlier` are the payload's last bytes before
    /// `data`.
    [[nodiscard]] bool starts_at(bytes data, std::size_t at, bytes earlier) const noexcept;
};

class between_reader {
public:
    explicit between_reader(const frame_marks& marks) noexcept : marks_(marks) {}

    reading_step read(bytes input) noexcept;
    [[nodiscard]] std::size_t wanted() const noexcept;
    [[nodiscard]] bytes end_name() const noexcept { return marks_.end.view(); }
    [[nodiscard]] complaint complain(bytes beginning, bytes input) const;

    /// See `quick_reader`.
    reading_step read_on(bytes input, std::size_t scanned) noexcept;
    [[nodiscard]] std::size_t find_frame(bytes input, frame_edges& edges,
                                         std::size_t& scanned) const noexcept {
        const auto start = marks_.start.size();
        if (place_ != place::between || !marks_.start.begins(input)) return 0;
        scanned = start + marks_.find_either({input.data() + start, input.size() - start}, {});
        const bytes rest(input.data() + scanned, input.size() - scanned);
        const auto size = marks_.end.size() + marks_.trailer_size;
        if (rest.size() < size || !marks_.end.begins(rest)) return 0;
        edges = {static_cast<std::uint8_t>(start), static_cast<std::uint8_t>(size)};
        return scanned + size;
    }
    [[nodiscard]] std::uint8_t canonical_trailer() const noexcept {
        return static_cast<std::uint8_t>(marks_.end.size() + marks_.trailer_size);
    }
    [[nodiscard]] bool is_canonical() const noexcept { return marks_.trailer_size == 0; }

private:
    enum class place : std::uint8_t { between, start, payload, end, trailer };

    reading_step read_start(bytes input) noexcept;
    reading_step read_payload(bytes input) noexcept;
    reading_step read_end(bytes input) noexcept;
    reading_step read_trailer(bytes input) noexcept;
    void remember(bytes payload) noexcept;

    frame_marks marks_;
    place place_ = place::between;
    std::uint8_t count_ = 0;  // bytes of `start`, `end` or the trailer that were read
    bool starts_inside_ = false;
    std::uint8_t recent_size_ = 0;  // as many as may belong to `start`
    recent_bytes recent_;
};

/// `between:START..END`: a payload is between these bytes. Strict: START may not occur in it, and
/// the first byte of END only as the beginning of END, so that two messages never become one.
/// `mllp` is one of these: 0x0B, payload, 0x1C 0x0D, around HL7 messages ("Transport
/// Specification: Minimal Lower Layer Protocol", release 1).
struct between {
    using decoder_type = reading_decoder<between_reader>;
    static constexpr bool announces_length = false;
    [[nodiscard]] bool is_canonical() const noexcept { return marks.trailer_size == 0; }

    frame_marks marks;

    static result<between> parse(spec_reader& spec);

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {between_reader(marks), limit};
    }
    tl::expected<void, errc> begin(std::uint64_t /*announced*/, std::string& out) const {
        out += marks.start.view();
        return {};
    }
    /// Fails with `frame.delimiter` if the payload contains START or the first byte of END.
    tl::expected<void, errc> append(open_frame& frame, bytes data, std::string& out) const;
    tl::expected<void, errc> finish(const open_frame& /*frame*/, std::string& out) const {
        out += marks.end.view();
        out.append(marks.trailer_size, '\0');
        return {};
    }
    [[nodiscard]] frame_layout describe() const;
};

static_assert(codec<between> && transforming_codec<between>);

}  // namespace framewire
