#pragma once

#include "framewire/codec/framing.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace framewire::bench {

enum class text : std::uint8_t {
    ascii,
    mixed,  ///< characters of one to four bytes
};

/// Text of so many bytes, without any end of line.
inline std::string payload_of(std::size_t size, text kind) {
    constexpr std::string_view ascii = "The length stands in front of the message. ";
    constexpr std::string_view mixed = "Größe 長さ 🧵 ok. ";
    const auto sentence = kind == text::ascii ? ascii : mixed;
    std::string payload;
    while (payload.size() + sentence.size() <= size) payload += sentence;
    return payload.append(size - payload.size(), '.');
}

/// Frames as they would arrive.
struct frames {
    std::string stream{};
    std::string payload{};
    std::uint64_t count = 0;
};

/// About as much as one read brings (128 KiB: it stays in a second-level cache); nothing where the
/// framing cannot carry the payload.
inline frames frames_of(const framing& framing, std::string payload) {
    constexpr std::size_t stream_bytes = 128 * 1024;
    frames made{.payload = std::move(payload)};
    while (made.stream.size() + made.payload.size() <= stream_bytes) {
        if (!framing.encode(made.payload, made.stream)) break;
        ++made.count;
    }
    return made;
}

}  // namespace framewire::bench
