#pragma once

#include "framewire/codec/detail/optional_errc.hpp"
#include "framewire/codec/detail/value_codec.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// One MessagePack object, with all objects that it contains (github.com/msgpack/msgpack,
/// spec.md). Nesting needs no bound, as only the number of objects that are missing is kept.
class msgpack_scanner {
public:
    static constexpr std::string_view name = "a MessagePack object";
    static constexpr auto own = grammar::msgpack;
    static constexpr bool is_canonical = true;
    static constexpr bool is_bare = true;

    scanned_part advance(bytes input, std::uint64_t payload_bytes_max) noexcept;
    void reset() noexcept { *this = {}; }
    [[nodiscard]] std::uint64_t wanted() const noexcept {
        return values_left_ + data_left_ + size_left_;
    }
    [[nodiscard]] std::string expectation() const;
    [[nodiscard]] static bool may_end() noexcept { return false; }
    static void end(char /*last*/, std::string& /*out*/) noexcept {}

private:
    optional_errc begin_value(std::uint8_t byte, std::uint64_t room) noexcept;
    optional_errc end_size(std::uint64_t room) noexcept;
    void read_size(unsigned bytes_of_size, std::uint8_t per_unit, std::uint8_t extra) noexcept;
    optional_errc contain(std::uint64_t values, std::uint64_t data, std::uint64_t room) noexcept;

    std::uint64_t values_left_ = 1;  // that have not begun
    std::uint64_t data_left_ = 0;
    std::uint64_t size_ = 0;
    std::uint8_t size_left_ = 0;
    std::uint8_t values_per_unit_ = 0;  // 0: the size is of data
    std::uint8_t extra_data_ = 0;
};

extern template class value_decoder<msgpack_scanner>;

/// `msgpack`: a payload is one MessagePack object.
using msgpack = value_codec<msgpack_scanner>;
static_assert(codec<msgpack>);

}  // namespace framewire
