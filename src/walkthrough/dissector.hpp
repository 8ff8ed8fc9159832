#pragma once

#include "framewire/codec/framing.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// Where the parts of a frame lie, as far as it has come.
struct frame_anatomy {
    /// How much of each part is kept to be shown.
    static constexpr std::size_t shown_bytes_max = 256;

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
    /// Larger than what is allowed, and not kept (`oversize=skip`).
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

/// Takes a stream apart: which byte is part of what. The framing's own decoder says so, because it
/// is given one byte at a time; only with `raw`, whose payloads are reads, a chunk at a time.
class dissector {
public:
    dissector(const framing& frames, std::uint64_t payload_bytes_max);

    /// Takes the stream's next bytes. Returns the frames that they belong to, in order, as they
    /// are after them. Once the stream has failed bytes are ignored.
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
    decoded decode(char byte, std::string& payload);
    void fail(char byte);
    void add_to_header(char byte);
    void place_announced(const decoded& found, char byte);
    void place_delimited(const decoded& found, char byte, bytes payload);

    decoder decoder_;
    counted_payload counted_;
    std::uint64_t payload_bytes_max_;
    std::optional<std::uint64_t> fixed_size_;
    std::size_t lead_ = 0;  // bytes in front of a payload that ends at a boundary
    bool announces_length_;
    bool is_raw_;
    bool in_header_ = true;
    bool failed_ = false;
    std::uint64_t offset_ = 0;
    std::optional<frame_anatomy> open_;
};

}  // namespace framewire
