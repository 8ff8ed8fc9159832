#pragma once

#include "framewire/codec/framing.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// Where the parts of a frame lie, as far as it has come.
struct frame_anatomy {
    /// How much of each part is kept to be shown; every binary header fits.
    static constexpr std::size_t shown_bytes_max = 512;

    enum class stage : std::uint8_t {
        header,
        payload,
        trailer,
        complete,
        skipped,  ///< complete, and discarded for its size
        failed,   ///< the stream cannot be read on: see `dissector::failure`
    };
    stage stands = stage::header;
    /// Of its first byte, in the stream.
    std::uint64_t offset = 0;
    std::uint64_t header_bytes = 0;
    std::uint64_t payload_bytes = 0;
    /// Bytes behind the payload. While a payload ends at a boundary that is not complete, those
    /// that may be its beginning.
    std::uint64_t trailer_bytes = 0;
    /// The payload's length as the framing counts, once the header has said it.
    std::uint64_t announced = unknown_length;
    /// So much of the payload has come, as the framing counts.
    std::uint64_t counted = 0;
    /// Bytes behind that, of a character that is not complete.
    std::uint64_t uncounted_bytes = 0;
    /// Bytes in front of the latest chunk that were held back as the possible beginning of what
    /// ends the frame.
    std::uint64_t held_bytes = 0;
    /// Larger than what is allowed: not kept (`oversize=skip`), or the failure.
    bool is_discarded = false;
    /// The first bytes of each.
    std::string header{};
    std::string payload{};
    std::string trailer{};

    [[nodiscard]] std::uint64_t payload_offset() const noexcept { return offset + header_bytes; }
    [[nodiscard]] std::uint64_t trailer_offset() const noexcept {
        return payload_offset() + payload_bytes;
    }
    [[nodiscard]] std::uint64_t end() const noexcept { return trailer_offset() + trailer_bytes; }
    [[nodiscard]] bool over() const noexcept { return stands >= stage::complete; }
};

/// What ends the payloads of this framing, if it does not announce their length.
[[nodiscard]] std::optional<boundary> boundary_of(const framing& frames);

/// Takes a stream apart: which byte is part of what. The framing's own decoder says so, because it
/// is given one byte at a time; only with `raw`, whose payloads are reads, a chunk at a time.
class dissector {
public:
    dissector(const framing& frames, std::uint64_t payload_bytes_max);

    /// Takes the stream's next bytes. Returns the frames that they belong to, in order, as they
    /// are after them. One that failed ends with the byte that showed it; bytes behind it are
    /// ignored.
    std::vector<frame_anatomy> receive(bytes chunk);

    /// The frame that has begun and not ended; none between frames, and once the stream failed.
    [[nodiscard]] const std::optional<frame_anatomy>& open() const noexcept { return open_; }
    /// Why the stream cannot be read on; null while it can.
    [[nodiscard]] const wire_error* failure() const noexcept {
        return failed_ ? &decoder_.failure() : nullptr;
    }
    /// How many bytes have been given.
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

private:
    std::vector<frame_anatomy> receive_raw(bytes chunk);
    void take(char byte);
    void begin_frame();
    void begin_payload(std::uint64_t announced);
    decoded decode(char byte);
    void add_to_header(char byte);
    void add_to_payload(char byte);
    void place_announced(const decoded& found, char byte);
    void place_delimited(char byte);

    decoder decoder_;
    counted_payload counted_;
    std::uint64_t payload_bytes_max_;
    std::optional<std::uint64_t> fixed_size_;
    std::optional<boundary> boundary_;
    std::size_t matched_ = 0;  // bytes of the boundary at the end
    bool is_raw_;
    bool has_lead_ = false;
    bool in_header_ = true;
    bool failed_ = false;
    std::uint64_t offset_ = 0;
    std::optional<frame_anatomy> open_;
};

}  // namespace framewire
