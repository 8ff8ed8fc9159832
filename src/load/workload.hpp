#pragma once

#include "framewire/codec/direction_decoder.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "message_text.hpp"
#include "number_text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// What each reply must be.
enum class expectation : std::uint8_t {
    echo,  ///< the message
    text,  ///< always the same
    any,   ///< anything
    none,  ///< there is no reply
};

/// Sizes of payloads in bytes, uniformly distributed.
struct size_range {
    std::size_t smallest = 64;
    std::size_t largest = 64;
};

/// The messages of a run, and what their replies must be.
struct message_plan {
    size_range size{};
    /// Payloads that are sent in rotation, in place of numbered ones. In these and in `reply`,
    /// `{n}` becomes the number of the message among those of all connections.
    std::vector<std::string> texts{};
    expectation expect = expectation::echo;
    /// The reply, for `expectation::text`.
    std::string reply{};
    /// Sent first on each connection; `{n}` becomes the connection's number.
    std::optional<std::string> first{};
    std::uint64_t connections = 1;
};

/// Makes the messages of a run from their numbers and checks replies against them, so that nothing
/// that was sent is kept. A payload is its number in up to 8 digits of base 32, then a filler that
/// depends on the number; all of it letters and digits, so that any framing can carry it. Texts of
/// the caller replace these payloads. Immutable, and shared by threads.
class workload {
public:
    /// Fails if the framing cannot carry these messages.
    static result<workload> make(const framing& frames, message_plan plan);

    /// Writes the frames of `count` messages from `number` on to `scratch`; the result is valid
    /// until the next call with it. Requires: only this function writes to `scratch`, which was
    /// empty at first.
    [[nodiscard]] bytes write(std::uint64_t number, std::uint64_t count,
                              std::string& scratch) const;
    /// How many of these frames have begun after `sent_bytes` were sent, and their size in total.
    struct begun {
        std::uint64_t count = 0;
        std::size_t bytes = 0;
    };
    [[nodiscard]] begun begun_by(std::uint64_t number, std::uint64_t count,
                                 std::size_t sent_bytes) const;
    /// True if `reply` is correct for message `number`.
    [[nodiscard]] bool matches(bytes reply, const number_text& number) const noexcept {
        switch (plan_.expect) {
            case expectation::any:
            case expectation::none: return true;
            case expectation::text: return is_reply(reply, number.number());
            case expectation::echo: break;
        }
        return texts_.empty() ? is_numbered(reply, number) : is_text(reply, number.number());
    }
    /// True if a reply identifies its message.
    [[nodiscard]] bool has_numbers() const noexcept { return has_numbers_; }
    /// The number in `[first, last)` of the message that `reply` belongs to; the lowest, if small
    /// payloads are ambiguous. Requires: `has_numbers()`.
    [[nodiscard]] std::optional<std::uint64_t> find(bytes reply, std::uint64_t first,
                                                    std::uint64_t last) const noexcept;

    /// The number of the first message of a connection.
    [[nodiscard]] std::uint64_t first_of(std::uint64_t connection) const noexcept {
        return connection << connection_shift();
    }
    /// The frame that a connection sends first; empty if there is none.
    [[nodiscard]] std::string first_frame(std::uint64_t connection) const;
    /// The expected reply to message `number`; empty for `expectation::any`.
    [[nodiscard]] std::string expected(std::uint64_t number) const;
    [[nodiscard]] std::size_t frame_bytes_max() const noexcept { return frame_bytes_max_; }
    [[nodiscard]] const class framing& framing() const noexcept { return frames_; }
    [[nodiscard]] const message_plan& plan() const noexcept { return plan_; }
    /// A decoder for replies of any size that can be held whole.
    [[nodiscard]] direction_decoder reply_decoder() const;

private:
    [[nodiscard]] std::uint64_t held_bytes_max() const noexcept;
    [[nodiscard]] const class framing& first_framing() const noexcept;
    workload(class framing frames, message_plan plan);
    result<void> try_to_frame();
    result<void> try_payload(const std::string& payload);
    [[nodiscard]] bool is_uniform() const noexcept {
        return texts_.empty() ? plan_.size.smallest == plan_.size.largest : is_constant_;
    }
    [[nodiscard]] int connection_shift() const noexcept {
        return texts_.empty() ? connection_shift_of_numbers : connection_shift_of_texts;
    }
    [[nodiscard]] std::uint64_t shown_number(std::uint64_t number) const noexcept;
    [[nodiscard]] const message_text& text_of(std::uint64_t number) const noexcept;
    [[nodiscard]] bool is_text(bytes reply, std::uint64_t number) const noexcept;
    [[nodiscard]] bool is_reply(bytes reply, std::uint64_t number) const noexcept;
    [[nodiscard]] std::optional<std::uint64_t> find_shown(bytes reply) const noexcept;
    [[nodiscard]] std::size_t size_of(std::uint64_t number) const noexcept {
        return is_uniform() ? plan_.size.largest : varied_size(number);
    }
    [[nodiscard]] std::size_t varied_size(std::uint64_t number) const noexcept;
    [[nodiscard]] bool is_numbered(bytes reply, const number_text& number) const noexcept {
        const auto size = size_of(number.number());
        if (reply.size() != size) return false;
        if (size < number_text::size) return number.is_at(reply.data(), size);
        return number.is_at(reply.data(), number_text::size) &&
               std::memcmp(reply.data() + number_text::size, filler_of(number),
                           size - number_text::size) == 0;
    }
    [[nodiscard]] const char* filler_of(const number_text& number) const noexcept {
        return filler_.data() + number.number() % fillers;
    }
    [[nodiscard]] std::string payload_of(std::uint64_t number) const;
    [[nodiscard]] std::string numbered(std::uint64_t number) const;
    void append(std::uint64_t number, std::string& out) const;
    [[nodiscard]] bytes renumber(std::uint64_t number, std::uint64_t count,
                                 std::string& scratch) const;

    // The number of fillers, each shifted by one; a power of two.
    static constexpr std::size_t fillers = 32;
    // Messages of a connection follow each other. Between those of two, eight digits leave little
    // room, which is enough to tell them apart; `{n}` has room for all of them.
    static constexpr int connection_shift_of_numbers = 20;
    static constexpr int connection_shift_of_texts = 40;

    class framing frames_;
    message_plan plan_;
    std::vector<message_text> texts_;
    message_text reply_;
    bool is_constant_ = false;  // one text, the same for all numbers
    bool has_numbers_ = false;
    std::string filler_;
    std::size_t payload_begin_ = 0;  // in a frame, if all have one size
    std::size_t frame_bytes_max_ = 0;
};

}  // namespace framewire
