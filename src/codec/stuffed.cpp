#include "framewire/codec/stuffed.hpp"

#include "framewire/core/quote.hpp"
#include "spec_reader.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

constexpr std::array<stuffing, 5> schemes{{
    {.name = "slip",
     .flag = '\xC0',
     .escape = '\xDB',
     .pairs = {{{'\xC0', '\xDC'}, {'\xDB', '\xDD'}}},
     .end = "\xC0",
     .own = grammar::slip},
    {.name = "kiss",
     .flag = '\xC0',
     .escape = '\xDB',
     .pairs = {{{'\xC0', '\xDC'}, {'\xDB', '\xDD'}}},
     .end = "\xC0",
     .own = grammar::kiss},
    {.name = "hdlc",
     .flag = '\x7E',
     .escape = '\x7D',
     .pairs = {{{'\x7E', '\x5E'}, {'\x7D', '\x5D'}}},
     .flips = '\x20',
     .end = "~",
     .own = grammar::hdlc},
    {.name = "jt808",
     .flag = '\x7E',
     .escape = '\x7D',
     .pairs = {{{'\x7E', '\x02'}, {'\x7D', '\x01'}}},
     .end = "~",
     .own = grammar::jt808},
    {.name = "tn3270",
     .flag = '\xEF',
     .escape = '\xFF',
     .pairs = {{{'\xFF', '\xFF'}, {'\xFF', '\xFF'}}},
     .escape_ends = true,
     .end = "\xFF\xEF",
     .own = grammar::telnet},
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
    if (after_escape_) return read_escaped(input.front());
    const char flag = rules_->escape_ends ? rules_->escape : rules_->flag;
    if (!inside_ && !rules_->escape_ends && input.front() == flag) {
        const auto flags = std::min(input.find_first_not_of(flag), input.size());
        return {.what = fill, .taken = flags, .opening = 1};
    }
    inside_ = true;
    const auto* const stop = input.data() + input.size();
    const auto* const at = find_either(input.data(), stop, flag, rules_->escape);
    const auto size = static_cast<std::size_t>(at - input.data());
    const auto data = input.substr(0, size);
    if (at == stop) return {.taken = size, .data = data};
    if (*at != rules_->escape) {
        inside_ = false;
        return {.what = end, .taken = size + 1, .data = data};
    }
    // A record that ends here comes whole.
    if (rules_->escape_ends && input.substr(size).starts_with(rules_->end)) {
        return {.what = end, .taken = size + 2, .data = data};
    }
    after_escape_ = true;
    return {.taken = size + 1, .data = data};
}

reading_step stuffing_reader::read_escaped(char byte) noexcept {
    if (rules_->escape_ends && byte == rules_->flag) {
        after_escape_ = inside_ = false;
        return {.what = reading_step::kind::end, .taken = 1};
    }
    const auto* const pair = rules_->find_written(byte);
    const bool is_flipped = rules_->flips != 0 && byte != rules_->flag;
    if (pair == nullptr && !is_flipped) return {.what = reading_step::kind::wrong};
    after_escape_ = false;
    decoded_ = pair != nullptr ? pair->byte : static_cast<char>(byte ^ rules_->flips);
    return {.taken = 1, .data = bytes(&decoded_, 1)};
}

complaint stuffing_reader::complain(bytes /*beginning*/, bytes input) const {
    const auto found =
        fmt::format("{} after {}", quote(input.substr(0, 1)), quote(bytes(&rules_->escape, 1)));
    if (rules_->flips != 0) return {found + ": the frame was given up"};
    const char other = rules_->escape_ends ? rules_->flag : rules_->pairs[1].written;
    return {fmt::format("{}, where {} or {} was expected", found,
                        quote(bytes(&rules_->pairs[0].written, 1)), quote(bytes(&other, 1)))};
}

result<stuffed> stuffed::parse(spec_reader& spec) {
    return stuffed{std::ranges::find(schemes, spec.name().text, &stuffing::name)};
}

tl::expected<std::uint64_t, errc> stuffed::measure(bytes payload) const noexcept {
    if (payload.empty() && !rules->escape_ends) return tl::unexpected(errc::frame_wrong_size);
    return payload.size();
}

tl::expected<void, errc> stuffed::begin(std::uint64_t announced, std::string& out) const {
    if (rules->escape_ends) return {};
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
    if (frame.bytes_written == 0 && !rules->escape_ends) {
        return tl::unexpected(errc::frame_wrong_size);
    }
    out += rules->end;
    return {};
}

frame_layout stuffed::describe() const { return {.own = rules->own}; }

}  // namespace framewire
