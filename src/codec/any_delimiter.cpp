#include "framewire/codec/any_delimiter.hpp"

#include "spec_reader.hpp"

#include <algorithm>

namespace framewire {
namespace {

// Of `open_frame`: the state of a reader that has read the payload so far.
any_delimiter_reader reader_of(const any_delimiter& codec, const open_frame& frame) noexcept {
    return any_delimiter_reader(codec.ends, {static_cast<std::uint8_t>(frame.place),
                                             static_cast<std::uint8_t>(frame.count)});
}

// True if a payload would end in the data.
bool ends_in(any_delimiter_reader& reader, bytes data) noexcept {
    while (!data.empty()) {
        const auto found = reader.read(data);
        if (found.what == reading_step::kind::end) return true;
        data.remove_prefix(found.taken);
    }
    return false;
}

}  // namespace

reading_step any_delimiter_reader::read(bytes input) noexcept {
    if (held_.size > 0) return resume(input.front());
    std::array<char, delimiters::most> firsts{};
    for (std::size_t i = 0; i < std::min<std::size_t>(ends_.count, firsts.size()); ++i) {
        firsts[i] = ends_.marks[i].view().front();
    }
    for (std::size_t at = 0;; ++at) {
        at = input.find_first_of(bytes(firsts.data(), ends_.count), at);
        if (at == bytes::npos) return {.taken = input.size(), .data = input};
        const auto data = input.substr(0, at);
        const auto rest = input.substr(at);
        for (const auto& mark : ends_) {
            if (!rest.starts_with(mark.view())) continue;
            return {.what = reading_step::kind::end, .taken = at + mark.size(), .data = data};
        }
        if (hold(rest)) return {.taken = input.size(), .data = data};
    }
}

// Bytes that were held back are delivered from the delimiter's own.
reading_step any_delimiter_reader::resume(char byte) noexcept {
    std::array<char, short_bytes::bytes_max> known{};
    const auto before = ends_.marks[held_.mark].view().substr(0, held_.size);
    before.copy(known.data(), before.size());
    known[before.size()] = byte;
    const bytes seen(known.data(), before.size() + 1);
    for (const auto& mark : ends_) {
        if (!seen.ends_with(mark.view())) continue;
        held_ = {};
        return {.what = reading_step::kind::end,
                .taken = 1,
                .data = before.substr(0, seen.size() - mark.size())};
    }
    for (std::size_t at = 0; at < seen.size(); ++at) {
        if (hold(seen.substr(at))) return {.taken = 1, .data = before.substr(0, at)};
    }
    held_ = {};
    return {.taken = 0, .data = before};  // the byte is read again, as any other
}

// True if the bytes are the beginning of a delimiter, which is then remembered.
bool any_delimiter_reader::hold(bytes rest) noexcept {
    const auto* const found = std::ranges::find_if(
        ends_, [&](const short_bytes& mark) { return mark.view().starts_with(rest); });
    if (found == ends_.end()) return false;
    held_ = {static_cast<std::uint8_t>(rest.size()),
             static_cast<std::uint8_t>(found - ends_.begin())};
    return true;
}

std::size_t any_delimiter_reader::wanted() const noexcept {
    const auto held = ends_.marks[held_.mark].view().substr(0, held_.size);
    std::size_t least = short_bytes::bytes_max;
    for (const auto& mark : ends_) {
        auto size = std::min(held.size(), mark.size() - 1);
        while (!held.ends_with(mark.view().substr(0, size))) --size;
        least = std::min(least, mark.size() - size);
    }
    return least;
}

result<any_delimiter> any_delimiter::parse(spec_reader& spec) {
    any_delimiter made;
    auto given = std::optional(spec.argument());
    for (; given; given = spec.take("or")) {
        if (made.ends.count == delimiters::most) {
            return spec.refuse(given->position, "at most four delimiters");
        }
        const auto found = spec.unescape(*given, short_bytes::bytes_max);
        if (!found) return tl::unexpected(found.error());
        const bool overlaps = std::ranges::any_of(made.ends, [&](const short_bytes& other) {
            return other.view().find(*found) != bytes::npos ||
                   found->find(other.view()) != std::string::npos;
        });
        if (overlaps) {
            return spec.refuse(given->position, "a delimiter that no other contains");
        }
        made.ends.marks[made.ends.count++] = short_bytes(*found);
    }
    return made;
}

tl::expected<void, errc> any_delimiter::append(open_frame& frame, bytes data,
                                               std::string& out) const {
    auto reader = reader_of(*this, frame);
    if (ends_in(reader, data)) return tl::unexpected(errc::frame_delimiter);
    frame.place = reader.held().size;
    frame.count = reader.held().mark;
    out += data;
    return {};
}

tl::expected<void, errc> any_delimiter::finish(const open_frame& frame, std::string& out) const {
    auto reader = reader_of(*this, frame);
    const auto mark = ends.marks[0].view();
    if (ends_in(reader, mark.substr(0, mark.size() - 1))) {
        return tl::unexpected(errc::frame_delimiter);
    }
    out += mark;
    return {};
}

frame_layout any_delimiter::describe() const {
    frame_layout layout{.end = boundary(ends.marks[0].view())};
    for (const auto& mark : ends) layout.other_ends.emplace_back(mark.view());
    layout.other_ends.erase(layout.other_ends.begin());
    return layout;
}

}  // namespace framewire
