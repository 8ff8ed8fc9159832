#include "ruler.hpp"

#include "glyphs.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

constexpr std::size_t margin = 10;  // the column of `position`
constexpr std::size_t columns = 78;

// One row of the ruler: the bytes from `begin` to `end` of the stream, each in a cell.
struct row {
    std::uint64_t begin;
    std::uint64_t end;
    std::size_t cell;

    [[nodiscard]] std::size_t columns_of(std::uint64_t size) const {
        return static_cast<std::size_t>(size) * cell;
    }
};

const stretch* part_at(const std::vector<stretch>& parts, std::uint64_t at) {
    const auto found = std::ranges::find_if(
        parts, [&](const stretch& part) { return part.begin <= at && at < part.end; });
    return found == parts.end() ? nullptr : &*found;
}

std::string trimmed(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

std::string positions(const row& here) {
    auto line = fmt::format("{:<{}}", "position", margin);
    for (auto at = here.begin; at < here.end; ++at) line += fmt::format("{:>{}}", at, here.cell);
    return line;
}

std::string cells(const row& here, bytes part, const std::vector<stretch>& parts, bool colour) {
    auto line = fmt::format("{:<{}}", "byte", margin);
    for (std::size_t at = 0; at < part.size(); ++at) {
        const auto* const of = part_at(parts, here.begin + at);
        const auto glyph = of != nullptr && of->in_hex ? hex_of(part[at]) : glyph_of(part[at]);
        const auto name = of != nullptr ? part_colour(of->name) : std::string_view();
        line.append(here.cell - glyph.columns, ' ');
        const bool coloured = colour && !name.empty();
        line += coloured ? fmt::format("{}{}\x1b[0m", name, glyph.text) : glyph.text;
    }
    return line;
}

// Characters of several bytes, each below its first byte. `rest` is the stream from this row on:
// the last character may end in the next row.
std::string characters(const row& here, bytes rest) {
    std::string line(margin, ' ');
    bool any = false;
    for (std::size_t at = 0; at < here.end - here.begin;) {
        const auto one = character_at(rest.substr(at));
        const bool shown = one.text.size() > 1 && one.columns > 0;
        const auto size = shown ? one.text.size() : 1;
        line.append(here.cell - (shown ? one.columns : 0), ' ');
        if (shown) line += one.text;
        line.append((size - 1) * here.cell, ' ');
        any = any || shown;
        at += size;
    }
    return any ? trimmed("text" + line.substr(4)) : std::string();
}

// `p` for a payload; the number of a chunk if there is space for it.
std::string brief(const std::string& name, std::size_t width) {
    if (name == "wrong") return "^";
    const auto number = name.rfind(' ');
    if (number == std::string::npos) return name.substr(0, 1);
    const auto digits = name.substr(number + 1);
    return digits.size() > width ? std::string("c") : digits;
}

// A stretch of that width: `|-- header (10) --|`. A border in another row is left open.
std::string bar(const stretch& part, std::size_t width, bool begins, bool ends) {
    const auto in_short = brief(part.name, width);
    if (width < in_short.size() + 2) return fmt::format("{:>{}}", in_short, width);
    const auto room = width - (begins ? 1 : 0) - (ends ? 1 : 0);
    auto name = fmt::format(" {} ({}) ", part.name, part.end - part.begin);
    if (name.size() > room) name = part.name;
    if (name.size() > room) name = in_short;
    return fmt::format("{}{:-^{}}{}", begins ? "|" : "", name, room, ends ? "|" : "");
}

std::string bars(const row& here, const std::vector<stretch>& parts) {
    std::string line(margin, ' ');
    for (const auto& part : parts) {
        const auto begin = std::max(part.begin, here.begin);
        const auto end = std::min(part.end, here.end);
        if (begin >= end) continue;
        line.resize(margin + here.columns_of(begin - here.begin), ' ');
        // The first column of a cell separates it from the one before.
        line += ' ';
        line += bar(part, here.columns_of(end - begin) - 1, begin == part.begin, end == part.end);
    }
    return trimmed(line.size() > margin ? line : std::string());
}

std::vector<stretch> chunks_of(std::uint64_t begin, const std::vector<std::uint64_t>& ends) {
    std::vector<stretch> chunks;
    for (const auto end : ends) {
        chunks.push_back({fmt::format("chunk {}", chunks.size() + 1), begin, end});
        begin = end;
    }
    return chunks;
}

}  // namespace

std::string_view part_colour(std::string_view part) {
    if (part == "header") return "\x1b[36m";
    if (part == "payload") return "\x1b[32m";
    if (part == "trailer") return "\x1b[33m";
    if (part == "wrong") return "\x1b[1;31m";
    return {};
}

std::uint64_t wrong_end(const frame_anatomy& frame, std::uint64_t wrong_at) {
    return std::max(frame.end(), wrong_at + 1);
}

std::vector<stretch> parts_of(const std::vector<frame_anatomy>& frames, std::uint64_t wrong_at) {
    std::vector<stretch> parts;
    const bool failed = !frames.empty() && frames.back().reached == frame_anatomy::stage::failed &&
                        wrong_at != unknown_length;
    const auto add = [&](const char* name, std::uint64_t begin, std::uint64_t end,
                         bool in_hex = false) {
        if (failed) end = std::min(end, wrong_at);
        if (begin < end) parts.push_back({name, begin, end, in_hex});
    };
    for (const auto& frame : frames) {
        add("header", frame.offset, frame.payload_offset(), frame.is_binary);
        add("payload", frame.payload_offset(), frame.trailer_offset());
        add("trailer", frame.trailer_offset(), frame.end());
    }
    if (failed) parts.push_back({"wrong", wrong_at, wrong_end(frames.back(), wrong_at)});
    return parts;
}

std::vector<std::string> draw_ruler(bytes stream, std::uint64_t offset,
                                    const std::vector<stretch>& parts,
                                    const std::vector<std::uint64_t>& chunk_ends, bool colour) {
    if (stream.empty()) return {};
    const auto end = offset + stream.size();
    const auto cell = std::max<std::size_t>(3, fmt::format_int(end - 1).size() + 1);
    const auto per_row = (columns - margin) / cell;
    std::vector<std::string> lines;
    const auto add = [&](std::string line) {
        if (!line.empty()) lines.push_back(std::move(line));
    };
    for (std::size_t from = 0; from < stream.size(); from += per_row) {
        const auto part = stream.substr(from, per_row);
        const row here{offset + from, offset + from + part.size(), cell};
        if (from > 0) lines.emplace_back();
        add(positions(here));
        add(cells(here, part, parts, colour));
        add(characters(here, stream.substr(from)));
        add(trimmed(bars(here, parts)));
        if (chunk_ends.size() > 1) add(trimmed(bars(here, chunks_of(offset, chunk_ends))));
    }
    return lines;
}

}  // namespace framewire
