#include "framewire/codec/msgpack.hpp"

#include "value_decoder.ipp"

#include <algorithm>

namespace framewire {

scanned_part msgpack_scanner::advance(bytes input, std::uint64_t payload_bytes_max) noexcept {
    for (std::size_t at = 0; at < input.size();) {
        if (data_left_ > 0) {
            const auto size = std::min<std::uint64_t>(data_left_, input.size() - at);
            data_left_ -= size;
            at += static_cast<std::size_t>(size);
        } else {
            const auto byte = static_cast<std::uint8_t>(input[at]);
            const auto room =
                payload_bytes_max - std::min<std::uint64_t>(payload_bytes_max, at + 1);
            optional_errc error;
            if (size_left_ == 0) {
                error = begin_value(byte, room);
            } else {
                size_ = size_ << 8 | byte;
                if (--size_left_ == 0) error = end_size(room);
            }
            if (error) return {.taken = at, .error = *error};
            ++at;
        }
        if (values_left_ + data_left_ + size_left_ == 0) {
            return {.taken = at, .data = input.substr(0, at), .complete = true};
        }
    }
    return {.taken = input.size(), .data = input};
}

optional_errc msgpack_scanner::begin_value(std::uint8_t byte, std::uint64_t room) noexcept {
    if (byte == 0xC1) return errc::frame_syntax;  // never used
    --values_left_;
    if (byte < 0x80 || byte >= 0xE0) return std::nullopt;                         // fixint
    if (byte < 0x90) return contain(std::uint64_t{2} * (byte & 0x0FU), 0, room);  // fixmap
    if (byte < 0xA0) return contain(byte & 0x0FU, 0, room);                       // fixarray
    if (byte < 0xC0) return contain(0, byte & 0x1FU, room);                       // fixstr
    switch (byte) {
        case 0xC4:  // bin
        case 0xC5:
        case 0xC6: read_size(1U << (byte - 0xC4U), 0, 0); break;
        case 0xC7:  // ext: a type follows the size
        case 0xC8:
        case 0xC9: read_size(1U << (byte - 0xC7U), 0, 1); break;
        case 0xCA: return contain(0, 4, room);  // float
        case 0xCB: return contain(0, 8, room);
        case 0xCC:  // uint
        case 0xCD:
        case 0xCE:
        case 0xCF: return contain(0, 1U << (byte - 0xCCU), room);
        case 0xD0:  // int
        case 0xD1:
        case 0xD2:
        case 0xD3: return contain(0, 1U << (byte - 0xD0U), room);
        case 0xD4:  // fixext: a type, then 1 to 16 bytes
        case 0xD5:
        case 0xD6:
        case 0xD7:
        case 0xD8: return contain(0, 1 + (1U << (byte - 0xD4U)), room);
        case 0xD9:  // str
        case 0xDA:
        case 0xDB: read_size(1U << (byte - 0xD9U), 0, 0); break;
        case 0xDC:  // array
        case 0xDD: read_size(2U << (byte - 0xDCU), 1, 0); break;
        case 0xDE:  // map
        case 0xDF: read_size(2U << (byte - 0xDEU), 2, 0); break;
        default: break;  // nil, false, true
    }
    return std::nullopt;
}

void msgpack_scanner::read_size(unsigned bytes_of_size, std::uint8_t per_unit,
                                std::uint8_t extra) noexcept {
    size_ = 0;
    size_left_ = static_cast<std::uint8_t>(bytes_of_size);
    values_per_unit_ = per_unit;
    extra_data_ = extra;
}

optional_errc msgpack_scanner::end_size(std::uint64_t room) noexcept {
    if (values_per_unit_ == 0) return contain(0, size_ + extra_data_, room);
    return contain(values_per_unit_ * size_, 0, room);
}

// A value has at least one byte.
optional_errc msgpack_scanner::contain(std::uint64_t values, std::uint64_t data,
                                       std::uint64_t room) noexcept {
    values_left_ += values;
    data_left_ = data;
    return values_left_ + data_left_ > room ? optional_errc(errc::frame_too_large) : std::nullopt;
}

std::string msgpack_scanner::expectation() const {
    return size_left_ > 0 ? "a size" : data_left_ > 0 ? "the end of its data" : "an object";
}

template class value_decoder<msgpack_scanner>;

}  // namespace framewire
