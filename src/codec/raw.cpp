#include "framewire/codec/raw.hpp"

#include <algorithm>

namespace framewire {

decoded raw_decoder::next(bytes& input) noexcept {
    if (input.empty()) return {.wanted = 1};
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(
        input.size(), std::max<std::uint64_t>(limit_.payload_bytes_max, 1)));
    return take_frame(input, size, {.payload = input.substr(0, size)});
}

}  // namespace framewire
