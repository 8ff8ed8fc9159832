#include "python_text.hpp"

#include "framewire/core/quote.hpp"

#include <fmt/format.h>

namespace framewire {
namespace {

// Python prefers single quotes, and uses double ones if that saves escaping.
char python_quote(bytes input) noexcept {
    const bool has_single = input.find('\'') != bytes::npos;
    return has_single && input.find('"') == bytes::npos ? '"' : '\'';
}

}  // namespace

std::string python_bytes(bytes input) {
    const char mark = python_quote(input);
    std::string out{'b', mark};
    for (const char byte : input) {
        // Python escapes every such byte, as bytes are not text.
        if (static_cast<unsigned char>(byte) >= 0x80) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
        } else {
            append_escaped(bytes(&byte, 1), mark, out);
        }
    }
    out += mark;
    return out;
}

std::string python_address(const endpoint& at) {
    switch (at.kind) {
        case endpoint::family::ipv4: return fmt::format("('{}', {})", at.host, at.port);
        case endpoint::family::ipv6:
            return fmt::format("('{}', {}, 0, {})", at.host, at.port, at.scope_id);
        case endpoint::family::local: break;
    }
    std::string out{'\''};
    append_escaped(at.host, '\'', out);
    return out + '\'';
}

std::string console_text(bytes input) {
    std::string out;
    while (true) {
        const auto tab = input.find('\t');
        append_escaped(input.substr(0, tab), 0, out);
        if (tab == bytes::npos) return out;
        out += '\t';
        input.remove_prefix(tab + 1);
    }
}

}  // namespace framewire
