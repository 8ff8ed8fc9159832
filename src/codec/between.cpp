#include "framewire/codec/between.hpp"

#include "framewire/codec/detail/diagnosis.hpp"
#include "framewire/core/quote.hpp"
#include "spec_reader.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <bit>
#include <charconv>

namespace framewire {
namespace {

constexpr std::string_view dots = "..";

std::string_view recognise_no_start(bytes beginning, bytes input, bytes end) noexcept {
    const auto protocol = looks_like_protocol(beginning);
    if (!protocol.empty()) return protocol;
    if (input.find(end) != bytes::npos) return in_the_middle;
    if (looks_like_decimal_length(input)) return "looks like a decimal header";
    if (looks_like_binary_length(input)) return "looks like a binary length";
    return looks_like_text(beginning);
}

}  // namespace

bool frame_marks::starts_at(bytes data, std::size_t at, bytes earlier) const noexcept {
    const auto mark = start.view();
    const auto here = std::min(at + 1, mark.size());
    const auto before = mark.size() - here;
    return data.substr(at + 1 - here, here) == mark.substr(before) &&
           earlier.ends_with(mark.substr(0, before));
}

reading_step between_reader::read(bytes input) noexcept {
    switch (place_) {
        case place::payload: return read_payload(input);
        case place::end: return read_end(input);
        case place::trailer: return read_trailer(input);
        case place::start: return read_start(input);
        default: break;
    }
    const auto passed = std::min(input.find_first_not_of(marks_.skip.view()), input.size());
    if (passed > 0) return {.what = reading_step::kind::fill, .taken = passed};
    count_ = 0;
    return read_start(input);
}

reading_step between_reader::read_start(bytes input) noexcept {
    const auto rest = marks_.start.view().substr(count_);
    const auto size = std::min(rest.size(), input.size());
    const auto equal = static_cast<std::size_t>(
        std::mismatch(rest.begin(), rest.begin() + size, input.begin()).first - rest.begin());
    if (equal == 0) return {.what = reading_step::kind::wrong};
    count_ = static_cast<std::uint8_t>(count_ + equal);
    place_ = place::start;
    if (equal == rest.size()) {
        place_ = place::payload;
        recent_size_ = 0;
    }
    return {.taken = equal};
}

reading_step between_reader::read_on(bytes input, std::size_t scanned) noexcept {
    const auto payload = input.substr(0, scanned).substr(marks_.start.size());
    place_ = place::payload;
    recent_size_ = 0;
    remember(payload);
    return {.taken = scanned, .data = payload};
}

reading_step between_reader::read_payload(bytes input) noexcept {
    const auto payload = input.substr(0, marks_.find_either(input, recent_.last(recent_size_)));
    const auto rest = input.substr(payload.size());
    const bool ends = !rest.empty() && rest.front() == marks_.end_byte();
    starts_inside_ = payload.empty() && !ends;
    if (starts_inside_) return {.what = reading_step::kind::wrong};
    const auto whole = marks_.end.size() + marks_.trailer_size;
    if (rest.size() >= whole && rest.starts_with(marks_.end.view())) {
        place_ = place::between;
        return {.what = reading_step::kind::end, .taken = payload.size() + whole, .data = payload};
    }
    remember(payload);
    if (!ends) return {.taken = payload.size(), .data = payload};
    place_ = place::end;
    count_ = 1;
    return {.taken = payload.size() + 1, .data = payload};
}

reading_step between_reader::read_end(bytes input) noexcept {
    const auto mark = marks_.end.view();
    std::size_t taken = 0;
    while (count_ < mark.size() && taken < input.size() && input[taken] == mark[count_]) {
        ++taken;
        ++count_;
    }
    if (count_ < mark.size()) {
        if (taken == 0) return {.what = reading_step::kind::wrong};
        return {.taken = taken};
    }
    count_ = 0;
    place_ = place::trailer;
    if (marks_.trailer_size > 0) return {.taken = taken};
    place_ = place::between;
    return {.what = reading_step::kind::end, .taken = taken};
}

reading_step between_reader::read_trailer(bytes input) noexcept {
    const auto left = static_cast<std::size_t>(marks_.trailer_size - count_);
    const auto taken = std::min(left, input.size());
    count_ = static_cast<std::uint8_t>(count_ + taken);
    if (taken < left) return {.taken = taken};
    place_ = place::between;
    return {.what = reading_step::kind::end, .taken = taken};
}

void between_reader::remember(bytes payload) noexcept {
    recent_.add(payload);
    recent_size_ = static_cast<std::uint8_t>(
        std::min(recent_size_ + payload.size(), marks_.start.size() - 1));
}

std::size_t between_reader::wanted() const noexcept {
    const auto rest = marks_.end.size() + marks_.trailer_size;
    switch (place_) {
        case place::start: return marks_.start.size() - count_ + rest;
        case place::end: return rest - count_;
        case place::trailer: return marks_.trailer_size - count_;
        default: return rest;
    }
}

complaint between_reader::complain(bytes beginning, bytes input) const {
    if (starts_inside_) {
        return {fmt::format("{} inside a payload, where {} must come first",
                            quote(marks_.start.view()), quote(marks_.end.view()))};
    }
    if (place_ == place::end) {
        return {fmt::format("{} after {}, where {} was expected", quote(input.substr(0, 1)),
                            quote(marks_.end.view().substr(0, count_)),
                            quote(marks_.end.view().substr(count_)))};
    }
    return {fmt::format("{} where {} was expected", quote(beginning), quote(marks_.start.view())),
            recognise_no_start(beginning, input, marks_.end.view())};
}

result<between> between::parse(spec_reader& spec) {
    const auto argument = spec.argument();
    const auto border = argument.text.find(dots, 1);
    if (border == std::string_view::npos) {
        return spec.refuse(argument.position, "START..END, such as \\x02..\\x03");
    }
    const auto unescape = [&](spec_reader::word text) {
        return spec.unescape(text, short_bytes::bytes_max).map([](const std::string& found) {
            return short_bytes(found);
        });
    };
    const auto end_at = border + dots.size();
    const auto start = unescape({argument.text.substr(0, border), argument.position});
    if (!start) return tl::unexpected(start.error());
    const auto end = unescape({argument.text.substr(end_at), argument.position + end_at});
    if (!end) return tl::unexpected(end.error());
    between made{{.start = *start, .end = *end}};
    if (const auto trailer = spec.take("trailer")) {
        const auto text = trailer->text;
        const auto [last, error] =
            std::from_chars(text.data(), text.data() + text.size(), made.marks.trailer_size);
        if (error != std::errc{} || last != text.data() + text.size()) {
            return spec.refuse(trailer->position, "0 to 255 bytes");
        }
    }
    if (const auto skip = spec.take("skip")) {
        const auto found = unescape(*skip);
        if (!found) return tl::unexpected(found.error());
        if (found->has(start->view().front())) {
            return spec.refuse(skip->position, "bytes that cannot begin a frame");
        }
        made.marks.skip = *found;
    }
    return made;
}

tl::expected<void, errc> between::append(open_frame& frame, bytes data, std::string& out) const {
    auto recent = std::bit_cast<recent_bytes>(frame.place);
    const auto earlier = recent.last(static_cast<std::size_t>(
        std::min<std::uint64_t>(frame.bytes_written, marks.start.size() - 1)));
    if (marks.find_either(data, earlier) != data.size()) {
        return tl::unexpected(errc::frame_delimiter);
    }
    recent.add(data);
    frame.place = std::bit_cast<std::uint64_t>(recent);
    out += data;
    return {};
}

frame_layout between::describe() const {
    return {.start = std::string(marks.start.view()),
            .end = boundary(marks.end.view()),
            .trailer_size = marks.trailer_size,
            .skip = std::string(marks.skip.view())};
}

}  // namespace framewire
