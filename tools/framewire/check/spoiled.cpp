#include "spoiled.hpp"

#include "steps.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace framewire {
namespace {

char to_lower(char byte) noexcept {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(byte)));
}

// Names of header fields are alike in both cases.
std::size_t find_field(std::string_view frame, std::string_view name) {
    const auto found = std::ranges::search(
        frame, name, [](char one, char other) { return to_lower(one) == to_lower(other); });
    return found.empty() ? std::string_view::npos
                         : static_cast<std::size_t>(found.begin() - frame.begin());
}

}  // namespace

void add_spoiled(const check_subject& subject, const std::vector<spoiled_frame>& all,
                 check_case& into) {
    const auto& message = subject.payloads.front();
    for (const auto& one : all) {
        const auto alone = read_stream(subject.frames, one.bytes);
        if (!alone.payloads.empty() || (!alone.error && !alone.is_incomplete)) continue;
        auto script = script_of(subject, one.what, one.bytes);
        if (!subject.has_one_exchange && subject.end == checked_end::server) {
            script.steps.insert(script.steps.begin(),
                                {send(subject.frame_of(message)), expect({message})});
        }
        into.scripts.push_back(std::move(script));
    }
}

std::optional<length_text> length_text::find(const check_subject& subject) {
    const auto layout = subject.frames.describe();
    if (!layout.length) return std::nullopt;
    const auto& length = *layout.length;
    length_text found;
    found.frame_ = subject.frame_of(subject.payloads.front());
    const auto& frame = found.frame_;
    switch (length.written) {
        case notation::digits:
        case notation::hex:
            found.at_ = length.offset;
            found.size_ = length.width;
            found.is_fixed_ = true;
            found.pad_ = length.padded_right  ? padding::spaces_after
                         : length.padded_left ? padding::spaces_before
                                              : padding::zeros;
            break;
        case notation::terminated:
            if (length.word != 1) return std::nullopt;
            found.at_ = length.offset;
            found.size_ = frame.find(length.terminator, found.at_) - found.at_;
            break;
        case notation::fields: {
            const auto& name = length.fields.names.front();
            const auto at = find_field(frame, name + ":");
            if (at == std::string::npos) return std::nullopt;
            found.at_ = frame.find_first_not_of(' ', at + name.size() + 1);
            found.size_ = frame.find_first_of("\r\n", found.at_) - found.at_;
            break;
        }
        default: return std::nullopt;
    }
    if (found.at_ + found.size_ > frame.size()) return std::nullopt;
    found.digits_ = frame.substr(found.at_, found.size_);
    std::erase(found.digits_, ' ');
    const auto first = std::min(found.digits_.find_first_not_of('0'), found.digits_.size() - 1);
    found.digits_.erase(0, first);
    return found;
}

std::optional<std::string> length_text::with(std::string_view sign,
                                             std::string_view digits) const {
    const auto size = sign.size() + digits.size();
    if (!is_fixed_) return with_exactly(std::string(sign) + std::string(digits));
    if (size > size_) return std::nullopt;
    const auto filling = size_ - size;
    std::string text;
    if (pad_ == padding::spaces_before) text.append(filling, ' ');
    text += sign;
    if (pad_ == padding::zeros) text.append(filling, '0');
    text += digits;
    if (pad_ == padding::spaces_after) text.append(filling, ' ');
    return with_exactly(text);
}

std::string length_text::with_exactly(std::string_view text) const {
    return before() + std::string(text) + after();
}

std::optional<length_integer> length_integer::find(const check_subject& subject) {
    const auto layout = subject.frames.describe();
    if (!layout.length || layout.length->written != notation::binary) return std::nullopt;
    length_integer found;
    found.frame_ = subject.frame_of(subject.payloads.front());
    found.at_ = layout.length->offset;
    found.width_ = layout.length->width;
    found.little_endian_ = layout.length->little_endian;
    return found;
}

std::string length_integer::with(std::string_view big_endian) const {
    std::string text(big_endian);
    if (little_endian_) std::ranges::reverse(text);
    auto frame = frame_;
    return frame.replace(at_, width_, text);
}

std::string length_integer::with(std::uint64_t length) const {
    std::string text(width_, '\0');
    for (auto at = width_; at-- > 0; length >>= 8U) text[at] = static_cast<char>(length & 0xFFU);
    return with(text);
}

}  // namespace framewire
