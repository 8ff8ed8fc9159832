#pragma once

#include "framewire/codec/codec.hpp"
#include "framewire/core/quote.hpp"
#include "framewire/session/session.hpp"

#include <array>
#include <cstddef>
#include <ostream>
#include <string_view>

namespace framewire {

// What GoogleTest prints of values that differ.

inline void PrintTo(const piece& part, std::ostream* out) {
    *out << quote(part.payload);
    if (part.announced != unknown_length) *out << " of " << part.announced;
    if (!part.whole()) *out << (part.first ? ", first" : part.last ? ", last" : ", more");
}

inline void PrintTo(const decoded& found, std::ostream* out) {
    constexpr std::array<std::string_view, 4> names{"need_more", "part", "skipped", "failed"};
    *out << names[static_cast<std::size_t>(found.what)] << ' ';
    PrintTo(found.piece, out);
    *out << ", wanted " << found.wanted;
}

inline void PrintTo(const event& happened, std::ostream* out) {
    constexpr std::array<std::string_view, 4> names{"frame", "skipped", "finished", "failed"};
    *out << names[static_cast<std::size_t>(happened.what)] << ' ';
    PrintTo(happened.piece, out);
    *out << " at " << happened.offset;
}

}  // namespace framewire
