#include "python_text.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/utf8.hpp"

#include <fmt/format.h>

namespace framewire {
namespace {

// Python prefers single quotes, and uses double ones if that saves escaping.
char python_quote(bytes input) noexcept {
    const bool has_single = input.find('\'') != bytes::npos;
    return has_single && input.find('"') == bytes::npos ? '"' : '\'';
}

std::string escaped_except(std::string_view kept, bytes input) {
    std::string out;
    while (true) {
        const auto end = input.find_first_of(kept);
        append_escaped(input.substr(0, end), 0, out);
        if (end == bytes::npos) return out;
        out += input[end];
        input.remove_prefix(end + 1);
    }
}

}  // namespace

std::string python_peer(const peer& who) {
    auto address = python_address(who.remote);
    if (!who.tls || who.tls->subject.empty()) return address;
    return fmt::format("{} ({})", address, console_text(who.tls->subject));
}

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

bytes whole_characters(bytes input) noexcept {
    constexpr std::size_t character_bytes_max = 4;
    for (std::size_t cut = 1; cut < character_bytes_max && cut <= input.size(); ++cut) {
        utf8_counter counter;
        (void)counter.advance(input.substr(input.size() - cut));
        if (counter.valid()) {
            return counter.inside_character() ? input.substr(0, input.size() - cut) : input;
        }
    }
    return input;
}

std::string console_text(bytes input) { return escaped_except("\t", input); }

std::string terminal_text(bytes input) { return escaped_except("\t\n", input); }

}  // namespace framewire
