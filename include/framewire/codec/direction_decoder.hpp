#pragma once

#include "framewire/codec/framing.hpp"

#include <cstdint>
#include <optional>

namespace framewire {

/// Decodes one direction of a connection whose framing may change: after its first frame
/// (`framing::first`), and where `use` says so. Otherwise as `decoder`.
class direction_decoder {
public:
    explicit direction_decoder(const framing& frames,
                               std::uint64_t payload_bytes_max = unknown_length - 1);

    decoded next(bytes& input);
    /// What follows the current frame is of this framing.
    void use(const framing& frames);

    /// True if the frame that is being decoded, or the next one, is the last of its framing.
    [[nodiscard]] bool changes() const noexcept { return next_.has_value(); }
    /// That of the current frame; while not `changes()`, of all frames.
    [[nodiscard]] decoder& current() noexcept { return decoder_; }
    [[nodiscard]] const decoder& current() const noexcept { return decoder_; }

private:
    void begin(const framing& frames, bool takes_first);

    std::uint64_t payload_bytes_max_;
    decoder decoder_;
    std::optional<framing> next_;
    bool takes_first_ = true;    // `next_` begins with its first frame
    bool awaits_frame_ = false;  // `next_` comes after a frame that has not ended
};

}  // namespace framewire
