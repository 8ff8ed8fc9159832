#include "framewire/codec/stuffed.hpp"

#include "framewire/core/quote.hpp"
#include "spec_reader.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

constexpr std::array<stuffing, 2> schemes{{
    {.name = "slip",
     .flag = '\xC0',
     .escape = '\xDB',
     .pairs = {{{'\xC0', '\xDC'}, {'\xDB', '\xDD'}}},
     .own = grammar::slip},
    {.name = "kiss",
     .flag = '\xC0',
     .escape = '\xDB',
     .pairs = {{{'\xC0', '\xDC'}, {'\xDB', '\xDD'}}},
     .own = grammar::kiss},
}};

}  // namespace

const stuffing::escaped* stuffing::find_byte(char byte) const noexcept {
    const auto* const found = std::ranges::find(pairs, byte, &escaped::byte);
    return found == pairs.end() ? nullptr : found;
}

const stuffing::escaped* stuffing::find_written(char written) const noexcept {
    const auto* const found = std::ranges::find(pairs, written, &escaped::written);
    return found == pairs.end() ? nullptr : found;
}

reading_step stuffing_reader::read(bytes input) noexcept {
    using enum reading_step::kind;
    if (after_escape_) return read_escaped(input);
    const char flag = rules_->flag;
    if (!inside_ && input.front() == flag) {
        const auto flags = std::min(input.find_first_not_of(flag), input.size());
        return {.what = fill, .taken = flags, .opening = 1};
    }
    inside_ = true;
    const auto* const at = std::ranges::find_if(
        input, [&](char byte) { return byte == flag || byte == rules_->escape; });
    const auto size = static_cast<std::size_t>(at - input.begin());
    const auto data = input.substr(0, size);
    if (size == input.size()) return {.taken = size, .data = data};
    if (*at == flag) {
        inside_ = false;
        return {.what = end, .taken = size + 1, .data = data};
    }
    after_escape_ = true;
    return {.taken = size + 1, .data = data};
}

reading_step stuffing_reader::read_escaped(bytes input) noexcept {
    const auto* const pair = rules_->find_written(input.front());
    if (pair == nullptr) return {.what = reading_step::kind::wrong};
    after_escape_ = false;
    decoded_ = pair->byte;
    return {.taken = 1, .data = bytes(&decoded_, 1)};
}

complaint stuffing_reader::complain(bytes /*beginning*/, bytes input) const {
    return {fmt::format("{} after {}, where {} or {} was expected", quote(input.substr(0, 1)),
                        quote(bytes(&rules_->escape, 1)),
                        quote(bytes(&rules_->pairs[0].written, 1)),
                        quote(bytes(&rules_->pairs[1].written, 1)))};
}

result<stuffed> stuffed::parse(spec_reader& spec) {
    return stuffed{std::ranges::find(schemes, spec.name().text, &stuffing::name)};
}

tl::expected<std::uint64_t, errc> stuffed::measure(bytes payload) const noexcept {
    if (payload.empty()) return tl::unexpected(errc::frame_wrong_size);
    return payload.size();
}

tl::expected<void, errc> stuffed::begin(std::uint64_t announced, std::string& out) const {
    if (announced == 0) return tl::unexpected(errc::frame_wrong_size);
    out += rules->flag;
    return {};
}

tl::expected<void, errc> stuffed::append(open_frame& /*frame*/, bytes data,
                                         std::string& out) const {
    for (auto rest = data; !rest.empty();) {
        const auto* const at = std::ranges::find_if(
            rest, [&](char byte) { return rules->find_byte(byte) != nullptr; });
        const auto plain = static_cast<std::size_t>(at - rest.begin());
        out += rest.substr(0, plain);
        rest.remove_prefix(plain);
        if (rest.empty()) break;
        out += rules->escape;
        out += rules->find_byte(rest.front())->written;
        rest.remove_prefix(1);
    }
    return {};
}

tl::expected<void, errc> stuffed::finish(const open_frame& frame, std::string& out) const {
    if (frame.bytes_written == 0) return tl::unexpected(errc::frame_wrong_size);
    out += rules->flag;
    return {};
}

frame_layout stuffed::describe() const { return {.own = rules->own}; }

}  // namespace framewire
