#include "framewire/codec/dot.hpp"

#include "framewire/core/quote.hpp"
#include "spec_reader.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

// In `open_frame::place`.
enum written : std::uint64_t { after_line, in_line, after_cr };

}  // namespace

reading_step dot_reader::read(bytes input) noexcept {
    using enum reading_step::kind;
    const char byte = input.front();
    switch (place_) {
        case place::line_start:
            if (byte != '.') break;
            place_ = place::after_dot;
            return {.taken = 1};
        case place::after_dot:
            if (byte == '.') {  // doubled: the second is payload
                place_ = place::line;
                break;
            }
            if (byte != (lf_only_ ? '\n' : '\r')) return {.what = wrong};
            place_ = lf_only_ ? place::line_start : place::end_after_cr;
            return {.what = lf_only_ ? end : payload, .taken = 1};
        case place::end_after_cr:
            if (byte != '\n') return {.what = wrong};
            place_ = place::line_start;
            return {.what = end, .taken = 1};
        default: break;
    }
    return read_lines(input);
}

// All that is payload without a gap.
reading_step dot_reader::read_lines(bytes input) noexcept {
    std::size_t at = 0;
    while (at < input.size()) {
        if (place_ == place::line_start && input[at] == '.') break;
        if (place_ == place::line_start) place_ = place::line;
        const auto end = scan_line(input, at);
        if (end == at) {  // wrong
            if (at == 0) return {.what = reading_step::kind::wrong};
            break;
        }
        at = end;
    }
    return {.taken = at, .data = input.substr(0, at)};
}

// The end of the line's part that is there; `at` if the byte there is wrong.
std::size_t dot_reader::scan_line(bytes input, std::size_t at) noexcept {
    if (place_ == place::after_cr) {
        if (input[at] != '\n') return at;
        place_ = place::line_start;
        return at + 1;
    }
    const auto found = lf_only_ ? input.find('\n', at) : input.find_first_of(bytes("\r\n"), at);
    if (found == bytes::npos) return input.size();
    if (input[found] == '\r') {
        place_ = place::after_cr;
        return found + 1;
    }
    if (!lf_only_) return found;
    place_ = place::line_start;
    return found + 1;
}

std::size_t dot_reader::wanted() const noexcept {
    const std::size_t eol = lf_only_ ? 1 : 2;
    switch (place_) {
        case place::line_start: return 1 + eol;
        case place::after_dot: return eol;
        case place::end_after_cr: return 1;
        case place::after_cr: return 2 + eol;
        default: return 1 + 2 * eol;
    }
}

complaint dot_reader::complain(bytes /*beginning*/, bytes input) const {
    const auto found = quote(input.substr(0, 1));
    if (place_ == place::after_dot) {
        return {fmt::format("{} after a dot that begins a line and is not doubled", found)};
    }
    if (place_ == place::line) return {fmt::format("{} without a CR before it", found)};
    return {fmt::format(R"({} after a CR, where "\n" was expected)", found)};
}

result<dot> dot::parse(spec_reader& spec) {
    const auto eol = spec.take("eol");
    if (!eol || eol->text == "crlf") return dot{};
    if (eol->text == "lf") return dot{true};
    return spec.refuse(eol->position, "crlf or lf");
}

tl::expected<void, errc> dot::append(open_frame& frame, bytes data, std::string& out) const {
    const auto size = out.size();
    auto place = frame.place;
    for (const char byte : data) {
        const bool is_end = byte == '\n' && (lf_only || place == after_cr);
        if ((place == after_cr || (byte == '\n' && !lf_only)) && !is_end) {
            out.resize(size);
            return tl::unexpected(errc::frame_delimiter);
        }
        if (place == after_line && byte == '.') out += '.';
        out += byte;
        place = is_end ? after_line : byte == '\r' && !lf_only ? after_cr : in_line;
    }
    frame.place = place;
    return {};
}

tl::expected<void, errc> dot::finish(const open_frame& frame, std::string& out) const {
    if (frame.place != after_line) return tl::unexpected(errc::frame_wrong_size);
    out += lf_only ? ".\n" : ".\r\n";
    return {};
}

frame_layout dot::describe() const {
    return {.own = grammar::dot, .eol = lf_only ? line_ends::lf : line_ends::crlf};
}

}  // namespace framewire
