#pragma once

#include "framewire/codec/direction_decoder.hpp"
#include "framewire/core/error.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace framewire {

/// What happens to a payload that the other framing cannot hold.
enum class misfit : std::uint8_t {
    close,  ///< the connection ends with the encoder's error
    skip,   ///< the message is left out
};

/// A message that has come whole.
struct whole_message {
    bytes payload{};
    bytes frame{};  ///< as it is to be sent
    std::uint64_t offset = 0;
};

struct channel_settings {
    misfit beyond = misfit::close;
    /// What is held of a message where its length must be known before it can be sent.
    std::uint64_t payload_bytes_max = 0;
    /// If set, every message is held until it is whole, and goes there.
    std::function<void(const whole_message&)> take_whole{};
    /// If set, every message is held until it is whole, and its payload goes there, with the frame
    /// that it came in if that is one of both sides. It may come back with `pass`.
    std::function<void(bytes payload, bytes frame)> take_payload{};
    /// If set, what is sent of each payload.
    std::function<std::string(bytes payload)> rewrite{};
    /// Notified of what is received, as `occurred::received`.
    std::function<void(const piece&, std::uint64_t offset)> note{};
};

/// One direction of a proxied connection: bytes in one framing, to bytes in another. Where both
/// are the same, the bytes are passed on untouched, as they come.
class channel {
public:
    channel(const framing& from, const framing& to, channel_settings how);

    struct passed {
        /// To be sent. Valid until the next call, and as long as the input.
        bytes data{};
        /// Nothing passes any more.
        std::optional<wire_error> failure{};
    };
    [[nodiscard]] passed take(bytes input);
    /// The stream has ended.
    [[nodiscard]] passed end();

    /// A payload that `take_payload` has got; `frame` is empty if it is not the same any more.
    [[nodiscard]] passed pass(bytes payload, bytes frame);

    /// A part of a frame has been passed on, and its end has not.
    [[nodiscard]] bool frame_open() const noexcept;
    [[nodiscard]] std::uint64_t messages() const noexcept { return messages_; }
    [[nodiscard]] std::uint64_t misfits() const noexcept { return misfits_; }

private:
    [[nodiscard]] const framing& sends() const noexcept;
    [[nodiscard]] bool can_begin(const piece& data) const noexcept;
    passed take_untouched(bytes input);
    void keep_frame(bytes part);
    void forget_frame() noexcept;
    bool convert(const decoded& found);
    bool pass_whole(const piece& data);
    bool pass_rewritten(const piece& data);
    bool pass_as_it_is(const piece& data);
    bool pass_piece(const piece& data);
    bool hold(const piece& data);
    bool refuse(errc why, std::uint64_t size);
    void sent_one() noexcept;

    framing from_;
    framing to_;
    channel_settings how_;
    bool is_same_;  // the framing of both sides
    bool is_untouched_;
    bool counts_alike_;
    direction_decoder decoder_;
    std::uint64_t received_ = 0;  // and passed on
    std::uint64_t messages_ = 0;
    std::uint64_t misfits_ = 0;
    bool has_sent_ = false;
    bool is_held_ = false;  // the message that is coming in
    std::optional<open_frame> open_;
    std::optional<wire_error> failure_;
    std::string held_;
    std::string frame_;  // as it came, where both framings are the same
    bool has_outgrown_ = false;
    std::string out_;
};

}  // namespace framewire
