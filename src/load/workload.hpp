#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "number_text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

namespace framewire {

/// What each reply must be.
enum class expectation : std::uint8_t {
    echo,  ///< the message
    text,  ///< always the same
    any,   ///< anything
};

/// Sizes of payloads in bytes, uniformly distributed.
struct size_range {
    std::size_t smallest = 64;
    std::size_t largest = 64;
};

/// The messages of a run, and what their replies must be.
struct message_plan {
    size_range size{};
    /// The payload of every message, in place of numbered ones.
    std::optional<std::string> payload{};
    expectation expect = expectation::echo;
    /// The reply, for `expectation::text`.
    std::string reply{};
};

/// Makes the messages of a run from their numbers and checks replies against them, so that nothing
/// that was sent is kept. A payload is its number in up to 8 digits of base 32, then a filler that
/// depends on the number; all of it letters and digits, so that any framing can carry it.
/// Immutable, and shared by threads.
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
            case expectation::any: return true;
            case expectation::text: return reply == plan_.reply;
            case expectation::echo: break;
        }
        return plan_.payload ? reply == *plan_.payload : is_numbered(reply, number);
    }
    /// True if a reply identifies its message.
    [[nodiscard]] bool has_numbers() const noexcept {
        return plan_.expect == expectation::echo && !plan_.payload;
    }
    /// The number in `[first, last)` of the message that `reply` belongs to; the lowest, if small
    /// payloads are ambiguous. Requires: `has_numbers()`.
    [[nodiscard]] std::optional<std::uint64_t> find(bytes reply, std::uint64_t first,
                                                    std::uint64_t last) const noexcept;

    /// The expected reply to message `number`; empty for `expectation::any`.
    [[nodiscard]] std::string expected(std::uint64_t number) const;
    [[nodiscard]] std::size_t frame_bytes_max() const noexcept { return frame_bytes_max_; }
    [[nodiscard]] const class framing& framing() const noexcept { return frames_; }
    [[nodiscard]] const message_plan& plan() const noexcept { return plan_; }
    /// A decoder for replies of any size that can be held whole.
    [[nodiscard]] class decoder decoder() const;

private:
    workload(class framing frames, message_plan plan);
    result<void> try_to_frame();
    [[nodiscard]] bool is_uniform() const noexcept {
        return plan_.size.smallest == plan_.size.largest;
    }
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
    [[nodiscard]] std::string numbered(std::uint64_t number) const;
    void append(std::uint64_t number, std::string& out) const;
    [[nodiscard]] bytes renumber(std::uint64_t number, std::uint64_t count,
                                 std::string& scratch) const;

    // The number of fillers, each shifted by one; a power of two.
    static constexpr std::size_t fillers = 32;

    class framing frames_;
    message_plan plan_;
    std::string filler_;
    std::size_t payload_begin_ = 0;  // in a frame, if all have one size
    std::size_t frame_bytes_max_ = 0;
};

}  // namespace framewire
