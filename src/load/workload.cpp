#include "workload.hpp"

#include "framewire/core/limits.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <bit>
#include <limits>
#include <random>

namespace framewire {
namespace {

constexpr std::string_view alphabet = "0123456789abcdefghijklmnopqrstuv";
constexpr int digit_bits = 5;
constexpr std::size_t fillers = 256;  // a power of two

// A permutation of all numbers, so that sizes come in no order.
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

// Where the payload stands in a frame. An empty one may as well stand at the end.
std::size_t payload_begin(const std::string& frame, decoder reader) noexcept {
    bytes rest = frame;
    const auto payload = reader.next(rest).part.payload;
    if (payload.empty()) return frame.size();
    return static_cast<std::size_t>(payload.data() - frame.data());
}

std::optional<std::uint64_t> value_of(bytes digits) noexcept {
    std::uint64_t value = 0;
    for (const char digit : digits) {
        const auto at = alphabet.find(digit);
        if (at == bytes::npos) return std::nullopt;
        value = (value << digit_bits) | at;
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
    const std::array sizes{plan_.size.smallest, plan_.size.largest};
    for (const auto size : sizes) {
        std::string payload = plan_.payload.value_or(std::string(size, '0'));
        if (!plan_.payload) write_payload(0, payload.data(), size);
        std::string frame;
        if (const auto done = frames_.encode(payload, frame); !done) {
            return tl::unexpected(
                cannot_carry(frames_, size, error_name(done.error()),
                             plan_.payload ? "" : "choose what it can carry with --size"));
        }
        const auto begin = payload_begin(frame, decoder());
        header_ = frame.substr(0, begin);
        trailer_ = frame.substr(begin + payload.size());
        frame_bytes_max_ = frame.size();
    }
    const bool may_end_it = !frames_.announces_length() && !trailer_.empty() &&
                            trailer_.find_first_not_of(alphabet) == std::string::npos;
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

void workload::append(std::uint64_t number, std::uint64_t count, std::string& out) const {
    const auto size = plan_.size.largest;
    if (plan_.size.smallest != size) {
        for (auto i = number; i < number + count; ++i) append_varied(i, out);
        return;
    }
    const auto begin = out.size();
    out.resize(begin + frame_bytes_max_ * count);
    auto* at = out.data() + begin;
    for (auto i = number; i < number + count; ++i) {
        at = std::copy_n(header_.data(), header_.size(), at);
        if (plan_.payload) {
            std::copy_n(plan_.payload->data(), size, at);
        } else {
            write_payload(i, at, size);
        }
        at = std::copy_n(trailer_.data(), trailer_.size(), at + size);
    }
}

void workload::append_varied(std::uint64_t number, std::string& out) const {
    std::string payload(size_of(number), '\0');
    write_payload(number, payload.data(), payload.size());
    (void)frames_.encode(payload, out);  // the smallest and the largest were tried
}

workload::begun workload::begun_by(std::uint64_t number, std::uint64_t count,
                                   std::size_t sent_bytes) const {
    if (plan_.size.smallest == plan_.size.largest) {
        const auto frames = (sent_bytes + frame_bytes_max_ - 1) / frame_bytes_max_;
        return {frames, frames * frame_bytes_max_};
    }
    begun found;
    std::string frames;
    while (found.count < count && frames.size() < sent_bytes) {
        append_varied(number + found.count++, frames);
    }
    found.bytes = frames.size();
    return found;
}

std::optional<std::uint64_t> workload::find(bytes reply, std::uint64_t first,
                                            std::uint64_t last) const noexcept {
    const auto width = std::min(reply.size(), digits_max);
    const auto value = value_of(reply.substr(0, width));
    if (!value) return std::nullopt;
    const auto bits = static_cast<int>(width) * digit_bits;
    const auto mask = (std::uint64_t{1} << bits) - 1;
    const auto number = first + ((*value - first) & mask);
    if (number >= last || !is_numbered(reply, number)) return std::nullopt;
    return number;
}

std::string workload::expected(std::uint64_t number) const {
    if (plan_.expect == expectation::any) return "";
    if (plan_.expect == expectation::text) return plan_.reply;
    if (plan_.payload) return *plan_.payload;
    std::string payload(size_of(number), '\0');
    write_payload(number, payload.data(), payload.size());
    return payload;
}

// Eight digits at once, each in a byte of a word.
workload::digits_text workload::digits_of(std::uint64_t number) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101;
    auto word = (number & 0xfffff) | (((number >> 20) & 0xfffff) << 32);
    word = (word & 0x000003ff000003ff) | ((word & 0x000ffc00000ffc00) << 6);
    word = (word & 0x001f001f001f001f) | ((word & 0x03e003e003e003e0) << 3);
    const auto letters = ((word + ones * (128 - 10)) >> 7) & ones;
    word += ones * '0' + letters * ('a' - '0' - 10);
    if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
    return std::bit_cast<digits_text>(word);
}

std::size_t workload::size_of(std::uint64_t number) const noexcept {
    const auto [smallest, largest] = plan_.size;
    if (smallest == largest) return largest;
    return smallest + scattered(number) % (largest - smallest + 1);
}

bool workload::is_numbered(bytes reply, std::uint64_t number) const noexcept {
    const auto size = size_of(number);
    if (reply.size() != size) return false;
    const auto digits = digits_of(number);
    const auto* const filler = filler_of(number);
    if (size < digits_max) {
        return std::memcmp(reply.data(), digits.data() + digits_max - size, size) == 0;
    }
    return std::memcmp(reply.data(), digits.data(), digits_max) == 0 &&
           std::memcmp(reply.data() + digits_max, filler, size - digits_max) == 0;
}

const char* workload::filler_of(std::uint64_t number) const noexcept {
    return filler_.data() + number % fillers;
}

void workload::write_payload(std::uint64_t number, char* to, std::size_t size) const noexcept {
    const auto digits = digits_of(number);
    if (size < digits_max) {
        std::memcpy(to, digits.data() + digits_max - size, size);
        return;
    }
    std::memcpy(to, digits.data(), digits_max);
    std::memcpy(to + digits_max, filler_of(number), size - digits_max);
}

}  // namespace framewire
