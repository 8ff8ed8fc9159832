#include "workload.hpp"

#include "framewire/core/limits.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <limits>
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

// From the first number to one of the most digits.
constexpr std::array<std::uint64_t, 2> extreme_numbers{0,
                                                       std::numeric_limits<std::uint64_t>::max()};

size_range sizes_of(const std::vector<message_text>& texts) {
    size_range sizes{std::numeric_limits<std::size_t>::max(), 0};
    for (const auto& text : texts) {
        for (const auto number : extreme_numbers) {
            const auto size = text.with(number).size();
            sizes = {std::min(sizes.smallest, size), std::max(sizes.largest, size)};
        }
    }
    return sizes;
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
    : frames_(std::move(frames)),
      plan_(std::move(plan)),
      texts_(plan_.texts.begin(), plan_.texts.end()),
      reply_(plan_.reply),
      is_constant_(texts_.size() == 1 && !texts_.front().has_number()) {
    const bool echoes_numbers = std::ranges::all_of(texts_, &message_text::has_number);
    has_numbers_ = plan_.expect == expectation::echo
                       ? echoes_numbers
                       : plan_.expect == expectation::text && reply_.has_number();
    if (!texts_.empty()) plan_.size = sizes_of(texts_);
    std::minstd_rand random;  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same in every run
    filler_.resize(plan_.size.largest + fillers);
    for (auto& one : filler_) one = alphabet[(random() >> 8) % alphabet.size()];
}

result<workload> workload::make(const class framing& frames, message_plan plan) {
    if (frames.is_raw()) {
        return tl::unexpected(failure{"bench needs a framing, to know where a reply ends",
                                      "if all messages have N bytes, use --framing fixed:N"});
    }
    workload made(frames, std::move(plan));
    if (auto framed = made.try_to_frame(); !framed) return tl::unexpected(framed.error());
    return made;
}

// All numbered payloads of one size are framed alike: they are made of letters and digits.
result<void> workload::try_to_frame() {
    std::vector<std::string> payloads;
    for (const auto& text : texts_) {
        for (const auto number : extreme_numbers) payloads.push_back(text.with(number));
    }
    if (texts_.empty()) {
        payloads = {std::string(plan_.size.smallest, '0'), std::string(plan_.size.largest, '0')};
    }
    for (const auto& payload : payloads) {
        if (auto done = try_payload(payload); !done) return done;
    }
    std::string frame;
    if (!plan_.first && frames_.first() != nullptr) {
        return tl::unexpected(
            failure{fmt::format("the framing {} begins with another frame", frames_.spec()),
                    "--first says what it is"});
    }
    if (!plan_.first) return {};
    if (const auto done = first_framing().encode(*plan_.first, frame); !done) {
        return tl::unexpected(
            cannot_carry(frames_, plan_.first->size(), error_name(done.error()), ""));
    }
    return {};
}

result<void> workload::try_payload(const std::string& payload) {
    std::string frame;
    if (const auto done = frames_.encode(payload, frame); !done) {
        return tl::unexpected(
            cannot_carry(frames_, payload.size(), error_name(done.error()),
                         texts_.empty() ? "choose a size that it can carry with --size" : ""));
    }
    payload_begin_ = find_payload(frame, frames_.decoder(held_bytes_max()));
    frame_bytes_max_ = std::max(frame_bytes_max_, frame.size());
    const auto trailer = frame.substr(payload_begin_ + payload.size());
    const bool may_end_it = !frames_.announces_length() && !trailer.empty() &&
                            trailer.find_first_not_of(alphabet) == std::string::npos;
    if (may_end_it && texts_.empty()) {
        return tl::unexpected(
            cannot_carry(frames_, plan_.size.largest,
                         "messages consist of letters and digits, and these end it",
                         "choose the messages with --message"));
    }
    return {};
}

const class framing& workload::first_framing() const noexcept {
    return frames_.first() != nullptr ? *frames_.first() : frames_;
}

std::uint64_t workload::held_bytes_max() const noexcept {
    return std::max<std::uint64_t>(limits{}.assembled_bytes_max, plan_.size.largest);
}

direction_decoder workload::reply_decoder() const {
    return direction_decoder(frames_.replies(), held_bytes_max());
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
    (void)frames_.encode(payload_of(number), out);
}

// Messages with the same size and filler differ only in their number. So the frames are kept, one
// for each filler in rotation, and each batch begins at the frame with its filler.
bytes workload::renumber(std::uint64_t number, std::uint64_t count, std::string& scratch) const {
    if (scratch.size() < (count + fillers) * frame_bytes_max_) {
        scratch.clear();
        for (std::uint64_t i = 0; i < count + fillers; ++i) append(i, scratch);
    }
    auto* const begin = scratch.data() + number % fillers * frame_bytes_max_;
    if (texts_.empty()) {
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
    if (plan_.expect == expectation::text || !texts_.empty()) {
        const auto number = find_shown(reply);
        if (!number || *number < first || *number >= last) return std::nullopt;
        return matches(reply, number_text(*number)) ? number : std::nullopt;
    }
    const auto width = std::min(reply.size(), number_text::size);
    const auto value = value_of(reply.substr(0, width));
    if (!value) return std::nullopt;
    const auto bits = static_cast<int>(width) * number_text::digit_bits;
    const auto mask = (std::uint64_t{1} << bits) - 1;
    const auto number = first + ((*value - first) & mask);
    if (number >= last || !is_numbered(reply, number_text(number))) return std::nullopt;
    return number;
}

// Messages of all connections are counted in rotation, as a person would.
std::uint64_t workload::shown_number(std::uint64_t number) const noexcept {
    const auto shift = connection_shift();
    const auto connection = number >> shift;
    return (number - (connection << shift)) * plan_.connections + connection;
}

std::optional<std::uint64_t> workload::find_shown(bytes reply) const noexcept {
    const auto number_in = [&](const message_text& text) -> std::optional<std::uint64_t> {
        const auto shown = text.number_in(reply);
        if (!shown) return std::nullopt;
        return first_of(*shown % plan_.connections) + *shown / plan_.connections;
    };
    if (plan_.expect == expectation::text) return number_in(reply_);
    for (const auto& text : texts_) {
        const auto number = number_in(text);
        if (number && &text_of(*number) == &text) return number;
    }
    return std::nullopt;
}

const message_text& workload::text_of(std::uint64_t number) const noexcept {
    // Each connection sends all texts, whatever their number and that of connections.
    const auto connection = number >> connection_shift();
    return texts_[(number - first_of(connection) + connection) % texts_.size()];
}

bool workload::is_text(bytes reply, std::uint64_t number) const noexcept {
    return text_of(number).is(reply, shown_number(number));
}

bool workload::is_reply(bytes reply, std::uint64_t number) const noexcept {
    return reply_.is(reply, shown_number(number));
}

std::string workload::first_frame(std::uint64_t connection) const {
    std::string frame;
    if (plan_.first)
        (void)first_framing().encode(message_text(*plan_.first).with(connection), frame);
    return frame;
}

std::string workload::expected(std::uint64_t number) const {
    if (plan_.expect == expectation::any || plan_.expect == expectation::none) return "";
    if (plan_.expect == expectation::text) return reply_.with(shown_number(number));
    return payload_of(number);
}

std::string workload::payload_of(std::uint64_t number) const {
    return texts_.empty() ? numbered(number) : text_of(number).with(shown_number(number));
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
