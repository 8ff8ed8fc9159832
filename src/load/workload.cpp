#include "workload.hpp"

#include "framewire/core/limits.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <random>

namespace framewire {
namespace {

constexpr auto alphabet = number_text::alphabet;

// Frames up to this size are kept in `scratch` with their fillers, and only renumbered.
constexpr std::size_t kept_bytes_max = 8 * KiB;

// A permutation of all numbers, so that sizes come in random order.
std::uint64_t scattered(std::uint64_t number) noexcept {
    number += 0x9e3779b97f4a7c15;
    number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
    number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
    return number ^ (number >> 31);
}

failure cannot_carry(const framing& frames, std::size_t size, std::string_view why,
                     std::string hint) {
    return {fmt::format("the framing {} cannot carry a message of {} bytes: {}", frames.spec(),
                        size, why),
            std::move(hint)};
}

// The offset of the payload in a frame; the end of the frame if the payload is empty.
std::size_t find_payload(const std::string& frame, decoder reader) noexcept {
    bytes rest = frame;
    const auto payload = reader.next(rest).piece.payload;
    if (payload.empty()) return frame.size();
    return static_cast<std::size_t>(payload.data() - frame.data());
}

std::optional<std::uint64_t> value_of(bytes digits) noexcept {
    std::uint64_t value = 0;
    for (const char digit : digits) {
        const auto at = alphabet.find(digit);
        if (at == bytes::npos) return std::nullopt;
        value = (value << number_text::digit_bits) | at;
    }
    return value;
}

}  // namespace

workload::workload(class framing frames, message_plan plan)
    : frames_(std::move(frames)), plan_(std::move(plan)) {
    if (plan_.payload) plan_.size = {plan_.payload->size(), plan_.payload->size()};
    std::minstd_rand random;  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same in every run
    filler_.resize(plan_.size.largest + fillers);
    for (auto& one : filler_) one = alphabet[(random() >> 8) % alphabet.size()];
}

result<workload> workload::make(const class framing& frames, message_plan plan) {
    if (frames.is_raw()) {
        return tl::unexpected(failure{"without a framing nobody knows where a reply ends",
                                      "where all messages are N bytes, use --framing fixed:N"});
    }
    workload made(frames, std::move(plan));
    if (auto framed = made.try_to_frame(); !framed) return tl::unexpected(framed.error());
    return made;
}

// All payloads of one size are framed alike: they are made of letters and digits.
result<void> workload::try_to_frame() {
    std::string trailer;
    const std::array sizes{plan_.size.smallest, plan_.size.largest};
    for (const auto size : sizes) {
        const auto payload = plan_.payload.value_or(std::string(size, '0'));
        std::string frame;
        if (const auto done = frames_.encode(payload, frame); !done) {
            return tl::unexpected(
                cannot_carry(frames_, size, error_name(done.error()),
                             plan_.payload ? "" : "choose what it can carry with --size"));
        }
        payload_begin_ = find_payload(frame, decoder());
        frame_bytes_max_ = frame.size();
        trailer = frame.substr(payload_begin_ + payload.size());
    }
    const bool may_end_it = !frames_.announces_length() && !trailer.empty() &&
                            trailer.find_first_not_of(alphabet) == std::string::npos;
    if (may_end_it && !plan_.payload) {
        return tl::unexpected(cannot_carry(frames_, plan_.size.largest,
                                           "messages are letters and digits, and these end it",
                                           "choose the messages with --payload"));
    }
    return {};
}

class decoder workload::decoder() const {
    const auto held = std::max<std::uint64_t>(limits{}.assembled_bytes_max, plan_.size.largest);
    return frames_.decoder(held);
}

bytes workload::write(std::uint64_t number, std::uint64_t count, std::string& scratch) const {
    if (is_uniform() && frame_bytes_max_ <= kept_bytes_max) {
        return renumber(number, count, scratch);
    }
    scratch.clear();
    for (auto i = number; i < number + count; ++i) append(i, scratch);
    return scratch;
}

void workload::append(std::uint64_t number, std::string& out) const {
    // Cannot fail, as the smallest and the largest were tried.
    (void)frames_.encode(plan_.payload ? *plan_.payload : numbered(number), out);
}

// Messages with the same size and filler differ only in their number. So the frames are kept, one
// for each filler in rotation, and each batch begins at the frame with its filler.
bytes workload::renumber(std::uint64_t number, std::uint64_t count, std::string& scratch) const {
    if (scratch.size() < (count + fillers) * frame_bytes_max_) {
        scratch.clear();
        for (std::uint64_t i = 0; i < count + fillers; ++i) append(i, scratch);
    }
    auto* const begin = scratch.data() + number % fillers * frame_bytes_max_;
    if (!plan_.payload) {
        const auto width = std::min(plan_.size.largest, number_text::size);
        auto* at = begin + payload_begin_;
        number_text text(number);
        for (std::uint64_t i = 0; i < count; ++i, at += frame_bytes_max_, text.advance()) {
            text.write(at, width);
        }
    }
    return {begin, frame_bytes_max_ * count};
}

workload::begun workload::begun_by(std::uint64_t number, std::uint64_t count,
                                   std::size_t sent_bytes) const {
    if (is_uniform()) {
        const auto frames = (sent_bytes + frame_bytes_max_ - 1) / frame_bytes_max_;
        return {frames, frames * frame_bytes_max_};
    }
    begun found;
    std::string frames;
    while (found.count < count && frames.size() < sent_bytes) {
        append(number + found.count++, frames);
    }
    found.bytes = frames.size();
    return found;
}

std::optional<std::uint64_t> workload::find(bytes reply, std::uint64_t first,
                                            std::uint64_t last) const noexcept {
    const auto width = std::min(reply.size(), number_text::size);
    const auto value = value_of(reply.substr(0, width));
    if (!value) return std::nullopt;
    const auto bits = static_cast<int>(width) * number_text::digit_bits;
    const auto mask = (std::uint64_t{1} << bits) - 1;
    const auto number = first + ((*value - first) & mask);
    if (number >= last || !is_numbered(reply, number_text(number))) return std::nullopt;
    return number;
}

std::string workload::expected(std::uint64_t number) const {
    if (plan_.expect == expectation::any) return "";
    if (plan_.expect == expectation::text) return plan_.reply;
    if (plan_.payload) return *plan_.payload;
    return numbered(number);
}

std::string workload::numbered(std::uint64_t number) const {
    const number_text text(number);
    const auto size = size_of(number);
    const auto width = std::min(size, number_text::size);
    std::string payload(size, '\0');
    text.write(payload.data(), width);
    std::copy_n(filler_of(text), size - width, payload.data() + width);
    return payload;
}

std::size_t workload::varied_size(std::uint64_t number) const noexcept {
    const auto [smallest, largest] = plan_.size;
    return smallest + scattered(number) % (largest - smallest + 1);
}

}  // namespace framewire
