#include "framewire/transcript/transcript.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/utf8.hpp"
#include "framewire/transcript/conversations.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

using kind = transcript_line::kind;

bool is_plain(bytes character) {
    const char first = character.front();
    return is_visible(character) || first == '\n' || first == '\r' || first == '\t';
}

// How many bytes at the beginning are readable as quoted text.
std::size_t text_run(bytes input) {
    std::size_t end = 0;
    while (end < input.size()) {
        utf8_counter counter;
        const auto size = counter.advance(input.substr(end), 1);
        const bool character = counter.valid() && !counter.inside_character();
        if (!character || !is_plain(input.substr(end, size))) break;
        end += size;
    }
    return end;
}

}  // namespace

result<transcript> transcript::parse(std::string_view text) {
    return conversations::parse(text).and_then([](conversations all) -> result<transcript> {
        const auto numbers = all.connections();
        if (numbers.size() < 2) return transcript{std::move(all.framing), std::move(all.lines)};
        const auto second = std::ranges::find_if(all.lines, [&](const transcript_line& line) {
            return says_something(line) && line.connection == numbers[1];
        });
        return tl::unexpected(
            failure{fmt::format("line {}: connection {} begins here, and only "
                                "one connection can be read",
                                second->number, numbers[1])});
    });
}

transcript transcript::reversed() const {
    transcript turned{framing.reversed(), {}};
    for (auto line : lines) {
        line.way = line.way == direction::sent ? direction::received : direction::sent;
        switch (line.what) {
            case kind::from_peer: line.what = kind::to_peer; break;
            case kind::to_peer: line.what = kind::from_peer; break;
            case kind::clock: continue;
            case kind::framing:
                line.frames = std::make_shared<const class framing>(line.frames->reversed());
                line.text = line.frames->spec();
                break;
            default: break;
        }
        turned.lines.push_back(std::move(line));
    }
    return turned;
}

direction way_of(const transcript_line& line) noexcept {
    switch (line.what) {
        case kind::from_peer: return direction::received;
        case kind::to_peer: return direction::sent;
        case kind::event:
        case kind::eof:
        case kind::reset:
        case kind::gap: return line.way;
        default: return direction::both;
    }
}

std::string print_bytes(bytes input) {
    std::string out;
    while (!input.empty()) {
        if (!out.empty()) out += ' ';
        if (const auto run = text_run(input); run > 0) {
            out += quote(input.substr(0, run));
            input.remove_prefix(run);
        } else {
            out += hex(input.substr(0, 1));
            input.remove_prefix(1);
        }
    }
    return out;
}

}  // namespace framewire
