#include "wire_form.hpp"

#include <fmt/format.h>

namespace framewire::tests {

std::string wire_form::frame(std::string_view payload) const {
    std::string out;
    switch (writes) {
        case length::decimal: out = fmt::format("{:010}", payload.size()); break;
        case length::one_byte: out = static_cast<char>(payload.size()); break;
        case length::variable: {
            auto left = payload.size();
            for (; left >= 0x80; left >>= 7U) out += static_cast<char>(left | 0x80U);
            out += static_cast<char>(left);
            break;
        }
        case length::none: return std::string(payload) + "\n";
    }
    return out += payload;
}

}  // namespace framewire::tests
