#pragma once

#include "framewire/codec/framing.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// Where the parts of a frame are, as far as it has arrived.
struct frame_anatomy {
    /// How much of each part is kept for display; every binary header fits.
    static constexpr std::size_t shown_bytes_max = 512;

    enum class stage : std::uint8_t {
        header,
        payload,
        trailer,
        complete,
        skipped,  ///< complete, and discarded as too large
        failed,   ///< the stream cannot be decoded further: see `dissector::failure`
    };
    stage reached = stage::header;
    /// Of its first byte, in the stream.
    std::uint64_t offset = 0;
    /// Where the session says that the frame begins: after what it passes over between frames.
    std::uint64_t begins = 0;
    std::uint64_t header_bytes = 0;
    std::uint64_t payload_bytes = 0;
    /// Bytes after the payload. While a boundary is incomplete, those that may be its beginning.
    std::uint64_t trailer_bytes = 0;
    /// The payload's length in the framing's unit, once the header has announced it.
    std::uint64_t announced = unknown_length;
    /// How much of the payload has arrived, in the framing's unit. More than `payload_bytes` if it
    /// begins in the header, fewer if they are written in other bytes.
    std::uint64_t counted = 0;
    /// Bytes after that, of an incomplete character.
    std::uint64_t uncounted_bytes = 0;
    /// Bytes before the latest chunk that were held back as the possible beginning of the
    /// boundary.
    std::string held{};
    /// Larger than allowed: discarded (`oversize=skip`), or the cause of the failure.
    bool is_discarded = false;
    /// So far nothing but bytes that are passed over between frames.
    bool is_between = false;
    /// Its header is bytes rather than text.
    bool is_binary = false;
    /// The first bytes of each; of the payload as it is delivered.
    std::string header{};
    std::string payload{};
    std::string trailer{};

    [[nodiscard]] std::uint64_t payload_offset() const noexcept { return offset + header_bytes; }
    [[nodiscard]] std::uint64_t trailer_offset() const noexcept {
        return payload_offset() + payload_bytes;
    }
    [[nodiscard]] std::uint64_t end() const noexcept { return trailer_offset() + trailer_bytes; }
    [[nodiscard]] bool over() const noexcept { return reached >= stage::complete; }
};

/// What ends the payloads of this framing, if it is nothing else and no length is announced.
[[nodiscard]] std::optional<boundary> boundary_of(const framing& frames);

/// The framing of this frame: that of a stream's first frame may be another.
[[nodiscard]] const framing& framing_of(const framing& frames, const frame_anatomy& frame);

/// Takes a stream apart: assigns every byte to a part of a frame. Feeds the framing's own decoder
/// one byte at a time; with `raw`, whose payloads are reads, one chunk at a time.
class dissector {
public:
    dissector(const framing& frames, std::uint64_t payload_bytes_max);

    /// Takes the stream's next bytes. Returns the frames that they belong to, in order, in their
    /// state after these bytes. A failed frame ends with the byte that revealed the failure; later
    /// bytes are ignored.
    std::vector<frame_anatomy> receive(bytes chunk);
    /// The same, frame by frame, so that a chunk of millions takes no memory.
    void receive(bytes chunk, const std::function<void(frame_anatomy&&)>& each);

    /// The stream has ended; returns the frame that ends with it.
    std::optional<frame_anatomy> receive_eof();

    /// So many bytes are missing. The current frame is lost, and what follows begins with a frame
    /// that is not the stream's first.
    void pass_gap(std::uint64_t missing);

    /// What follows the current frame is of this framing.
    void use(const framing& frames);
    /// The framing of the current frame, or of the one that ended last.
    [[nodiscard]] const framing& frames() const noexcept { return frames_; }

    /// The frame that has begun and not ended; none between frames or after a failure.
    [[nodiscard]] const std::optional<frame_anatomy>& open() const noexcept { return open_; }
    /// Why the stream cannot be decoded further; null while it can.
    [[nodiscard]] const wire_error* failure() const noexcept {
        return failed_ ? &decoder_.failure() : nullptr;
    }
    /// How many bytes of the stream have been taken.
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

private:
    void begin_framing(const framing& frames, bool takes_first);
    void receive_raw(bytes chunk, const std::function<void(frame_anatomy&&)>& each);
    void take(char byte);
    void begin_frame();
    void begin_payload(std::uint64_t announced);
    decoded decode(char byte);
    void add_to_header(char byte);
    void add_to_payload(char byte);
    void place_announced(const decoded& found, char byte);
    void place_delimited(char byte);
    void place_own(const decoded& found, char byte);

    framing frames_;
    std::optional<framing> next_;  // after the current frame
    bool takes_first_ = true;      // and it begins with its first
    bool awaits_frame_ = false;
    std::uint64_t limit_;
    decoder decoder_;
    counted_payload counted_;
    std::uint64_t payload_bytes_max_ = 0;
    std::optional<std::uint64_t> fixed_size_;
    std::size_t lead_ = 0;  // bytes of the payload in the header, and where they begin
    std::size_t lead_at_ = 0;
    struct end_mark {
        boundary mark;
        std::size_t matched = 0;  // bytes of it at the end
    };
    std::vector<end_mark> ends_;
    std::size_t after_end_size_ = 0;
    bool has_ended_ = false;  // and only bytes after the end follow
    std::size_t start_size_ = 0;
    std::string delivered_;     // of the payload, with the latest byte
    std::uint64_t silent_ = 0;  // the last bytes with which nothing was delivered
    std::string silent_text_;
    bool has_own_parts_ = false;  // neither a length nor ends say where parts are
    bool holds_back_ = false;     // a payload is delivered as it came, but for what may end it
    bool is_own_ = false;         // the same of the current frame, which may be in fragments
    bool is_raw_ = false;
    bool is_binary_ = false;
    bool in_header_ = true;
    bool failed_ = false;
    std::uint64_t offset_ = 0;
    std::optional<frame_anatomy> open_;
};

}  // namespace framewire
