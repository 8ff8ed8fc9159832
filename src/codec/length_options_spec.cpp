#include "framewire/codec/detail/length_options.hpp"
#include "framewire/core/units.hpp"
#include "spec_reader.hpp"

#include <fmt/format.h>
#include <bit>
#include <charconv>
#include <limits>

namespace framewire {
namespace {

// What one byte can count: more than any header in use has around its length.
constexpr std::uint64_t around_bytes_max = 255;

// The range of a length in four bytes, the widest that is adjusted in practice.
constexpr std::uint64_t adjust_max = std::uint64_t{1} << 32;

constexpr std::uint64_t idle_max = std::numeric_limits<std::uint32_t>::max();

/// Takes the options of a length one after the other; the first that is wrong ends it.
class options_reader {
public:
    options_reader(spec_reader& spec, std::uint64_t value_max, counting unit)
        : spec_(spec), value_max_(value_max), unit_(unit) {}

    result<length_options> read() {
        auto done = read_magic();
        if (done) done = read_before();
        if (done) done = read_adjust();
        if (done) done = read_after();
        if (done) done = read_mask();
        if (done) done = read_flag();
        if (done) done = read_join();
        if (done) done = read_idle();
        if (done) done = check_characters();
        return done.map([&] { return parsed_; });
    }

private:
    using word = spec_reader::word;

    result<void> read_magic() {
        const auto found = spec_.take("magic");
        if (!found) return {};
        return spec_.unescape(*found, length_options::magic_bytes_max)
            .map([&](const std::string& magic) {
                magic.copy(parsed_.magic.data(), magic.size());
                parsed_.magic_size = static_cast<std::uint8_t>(magic.size());
            });
    }

    result<void> read_before() {
        const auto lead = spec_.take("lead");
        const auto offset = spec_.take("offset");
        if (lead && offset) return spec_.refuse(lead->position, "lead or offset, not both");
        if (lead) return read_count(*lead, length_options::lead_bytes_max, parsed_.lead);
        if (!offset) return {};
        std::uint8_t before = 0;
        if (auto done = read_count(*offset, around_bytes_max, before); !done) return done;
        if (before < parsed_.magic_size) {
            return spec_.refuse(offset->position,
                                fmt::format("at least the {} bytes of magic", parsed_.magic_size));
        }
        parsed_.gap = static_cast<std::uint8_t>(before - parsed_.magic_size);
        return {};
    }

    result<void> read_adjust() {
        const auto found = spec_.take("adjust");
        if (!found) return {};
        auto text = found->text;
        const bool negative = text.starts_with('-');
        if (negative || text.starts_with('+')) text.remove_prefix(1);
        const auto distance = parse_number(text);
        if (!distance || *distance > adjust_max) {
            return spec_.refuse(found->position,
                                fmt::format("a number from -{0} to +{0}", adjust_max));
        }
        parsed_.adjust = static_cast<std::int64_t>(*distance);
        if (negative) parsed_.adjust = -parsed_.adjust;
        return {};
    }

    result<void> read_after() {
        const auto end = spec_.take("end");
        const auto trailer = spec_.take("trailer");
        if (end && trailer) return spec_.refuse(trailer->position, "end or trailer, not both");
        if (trailer) return read_count(*trailer, around_bytes_max, parsed_.trailer);
        if (!end) return {};
        return spec_.unescape(*end, length_options::end_bytes_max)
            .map([&](const std::string& text) {
                text.copy(parsed_.end.data(), text.size());
                parsed_.end_size = static_cast<std::uint8_t>(text.size());
            });
    }

    result<void> read_mask() {
        const auto found = spec_.take("mask");
        if (!found) return {};
        const auto mask = parse_hex(found->text);
        const bool gapless = mask && *mask != 0 && std::has_single_bit(*mask + 1);
        if (!gapless || *mask > value_max_) {
            return spec_.refuse(found->position,
                                "the bits that are the length, in hexadecimal, without a gap from "
                                "the lowest on: 7fffffff");
        }
        parsed_.mask_bits = static_cast<std::uint8_t>(std::popcount(*mask));
        return {};
    }

    result<void> read_flag() {
        const auto more = spec_.take("more");
        const auto last = spec_.take("last");
        if (!more && !last) return {};
        const auto found = more ? *more : *last;
        if (more && last) return spec_.refuse(last->position, "more or last, not both");
        const auto flag = parse_hex(found.text);
        const bool outside = flag && std::has_single_bit(*flag) && *flag <= value_max_ &&
                             parsed_.masked(*flag) == 0;
        if (!outside) {
            return spec_.refuse(found.position,
                                "one bit outside of mask, in hexadecimal: 80000000");
        }
        parsed_.flag_bit = static_cast<std::uint8_t>(std::countr_zero(*flag));
        parsed_.joins_by_flag = true;
        parsed_.flag_is_last = !more;
        return check_joined(found);
    }

    result<void> read_join() {
        const auto found = spec_.take("join");
        if (!found) return {};
        if (found->text != "full") return spec_.refuse(found->position, "full");
        if (parsed_.joins_by_flag)
            return spec_.refuse(found->position, "no other join: more, last");
        parsed_.joins_full = true;
        return check_joined(*found);
    }

    // What comes once for a payload would be ambiguous where it has several frames.
    result<void> check_joined(word found) {
        const auto* const other = parsed_.lead > 0             ? "lead"
                                  : parsed_.trailer_size() > 0 ? "end or trailer"
                                                               : nullptr;
        if (other != nullptr) {
            return spec_.refuse(found.position,
                                fmt::format("frames that are whole, with {}", other));
        }
        const auto most = parsed_.masked(value_max_);
        const auto shrinks = parsed_.adjust < 0 ? static_cast<std::uint64_t>(-parsed_.adjust) : 0;
        if (most <= shrinks || most > std::uint64_t{1} << 62U) {
            return spec_.refuse(found.position, "a largest length that fits, and is above adjust");
        }
        return {};
    }

    result<void> read_idle() {
        const auto found = spec_.take("idle");
        if (!found) return {};
        if (parsed_.lead > 0 || parsed_.trailer_size() > 0 || parsed_.joins()) {
            return spec_.refuse(found->position,
                                "frames without lead, end, trailer and joins, as one that is idle "
                                "is its length and nothing else");
        }
        const auto dash = std::min(found->text.find('-'), found->text.size());
        const auto first = parse_number(found->text.substr(0, dash));
        const auto last =
            dash == found->text.size() ? first : parse_number(found->text.substr(dash + 1));
        const auto most = std::min(idle_max, value_max_);
        if (!first || !last || *first > *last || *last > most) {
            return spec_.refuse(found->position, fmt::format("N or N-M, from 0 to {}", most));
        }
        parsed_.idle_first = static_cast<std::uint32_t>(*first);
        parsed_.idle_last = static_cast<std::uint32_t>(*last);
        return {};
    }

    result<void> check_characters() {
        const bool interrupted = parsed_.lead > 0 || parsed_.joins();
        if (unit_ == counting::in_bytes || !interrupted) return {};
        return spec_.refuse(0, "count=bytes, with lead and joins");
    }

    result<void> read_count(word found, std::uint64_t most, std::uint8_t& count) {
        const auto number = parse_number(found.text);
        if (!number || *number > most) {
            return spec_.refuse(found.position,
                                fmt::format("a number of bytes from 0 to {}", most));
        }
        count = static_cast<std::uint8_t>(*number);
        return {};
    }

    static std::optional<std::uint64_t> parse_hex(std::string_view text) {
        std::uint64_t value = 0;
        const auto* const end = text.data() + text.size();
        const auto found = std::from_chars(text.data(), end, value, 16);
        if (found.ec != std::errc() || found.ptr != end) return std::nullopt;
        return value;
    }

    spec_reader& spec_;
    std::uint64_t value_max_;
    counting unit_;
    length_options parsed_;
};

}  // namespace

result<length_options> length_options::parse(spec_reader& spec, std::uint64_t value_max,
                                             counting unit) {
    return options_reader(spec, value_max, unit).read();
}

}  // namespace framewire
