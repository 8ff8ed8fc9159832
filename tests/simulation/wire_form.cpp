#include "wire_form.hpp"

#include <fmt/format.h>

namespace framewire::tests {
namespace {

std::string variable_length(std::size_t size) {
    std::string out;
    for (; size >= 0x80; size >>= 7U) out += static_cast<char>(size | 0x80U);
    return out += static_cast<char>(size);
}

std::string binary_length(std::size_t size, std::size_t bytes) {
    std::string out(bytes, '\0');
    for (auto at = bytes; at > 0; size >>= 8U) out[--at] = static_cast<char>(size);
    return out;
}

std::size_t byte_at(std::string_view data, std::size_t at) {
    return static_cast<unsigned char>(data[at]);
}

}  // namespace

std::string wire_form::frame(std::string_view payload) const {
    std::string out;
    switch (writes) {
        case length::decimal: out = fmt::format("{:0{}}", payload.size(), length_bytes); break;
        case length::binary: out = binary_length(payload.size(), length_bytes); break;
        case length::variable: out = variable_length(payload.size()); break;
        case length::none: return std::string(payload) + "\n";
    }
    return out += payload;
}

std::size_t wire_form::header_bytes(std::string_view payload) const {
    if (writes == length::variable) return variable_length(payload.size()).size();
    return writes == length::none ? 0 : length_bytes;
}

std::optional<std::string> wire_form::take(std::string& data) const {
    std::size_t header = 0;
    std::size_t size = 0;
    if (writes == length::none) {
        const auto end = data.find('\n');
        if (end == std::string::npos) return std::nullopt;
        auto payload = data.substr(0, end);
        data.erase(0, end + 1);
        return payload;
    }
    if (writes == length::variable) {
        do {
            if (header == data.size()) return std::nullopt;
            size |= (byte_at(data, header) & 0x7fU) << (7 * header);
        } while ((byte_at(data, header++) & 0x80U) != 0);
    } else {
        if (data.size() < length_bytes) return std::nullopt;
        for (; header < length_bytes; ++header) {
            size = writes == length::decimal ? size * 10 + (byte_at(data, header) - '0')
                                             : size * 256 + byte_at(data, header);
        }
    }
    if (data.size() - header < size) return std::nullopt;
    auto payload = data.substr(header, size);
    data.erase(0, header + size);
    return payload;
}

wire_form random_form(random_source& random) {
    using enum wire_form::length;
    switch (random.below(7)) {
        case 0: return {"u8", binary, 1, 250, 0, {}};
        case 1: return {"u32be,max=9000", binary, 4, 2'000, 0, "\xff\xff\xff\xff"};
        case 2: return {"varint", variable, 0, 2'000, 0, std::string_view("\x80\x00", 2)};
        case 3: return {"line", none, 0, 300, 0, {}};
        case 4: return {"digits:10,max=100,oversize=skip", decimal, 10, 100, 100, "00000+0005"};
        default: return {"digits:10", decimal, 10, 2'000, 0, "00000+0005"};
    }
}

}  // namespace framewire::tests
