#pragma once

#include "framewire/core/error.hpp"

#include "utf8_oracle.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::tests {

/// The frames of a stream, however it is split.
struct reading {
    struct frame {
        std::string payload;
        std::uint64_t offset = 0;
        bool skipped = false;
        bool operator==(const frame&) const = default;
    };
    std::vector<frame> frames{};
    std::optional<errc> error{};  ///< with `frame_truncated` for an end inside a frame
    std::uint64_t error_offset = 0;
    bool operator==(const reading&) const = default;
};

/// Reads `digits:W` from a whole stream, slowly, with strings and no arithmetic that could
/// overflow.
struct frame_oracle {
    std::size_t width = 10;
    bool spaces = false;      ///< `pad=space`
    bool characters = false;  ///< `count=chars`
    std::uint64_t payload_bytes_max = std::numeric_limits<std::uint64_t>::max() - 1;
    bool skip = false;

    [[nodiscard]] reading read(std::string_view stream) const {
        reading all;
        for (std::size_t at = 0; at < stream.size() && !all.error;) {
            at = read_frame(stream, at, all);
        }
        return all;
    }

    /// The offset of the first byte of `header` that no legal header has there, or its size.
    [[nodiscard]] std::size_t first_wrong(std::string_view header) const {
        for (std::size_t size = 1; size <= header.size(); ++size) {
            if (!begins_length(header.substr(0, size))) return size - 1;
        }
        return header.size();
    }

    /// A wrong first byte that no number begins with means that this is no length at all.
    static errc class_of(std::string_view header, std::size_t wrong) {
        if (wrong > 0) return errc::frame_length_syntax;
        const auto value = static_cast<unsigned char>(header.front());
        const bool letter = (value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z');
        const bool white = std::string_view("\t\n\v\f\r ").find(header.front()) != none;
        const bool control = (value < 0x20 && !white) || value == 0x7F;
        return letter || control || value >= 0xF8 ? errc::frame_syntax : errc::frame_length_syntax;
    }

private:
    static constexpr auto none = std::string_view::npos;

    [[nodiscard]] bool begins_length(std::string_view text) const {
        const auto digits = text.substr(0, text.find_first_not_of("0123456789"));
        if (!spaces) return digits.size() == text.size();
        const bool padded = text.substr(digits.size()).find_first_not_of(' ') == none;
        const bool canonical = digits == "0" || !digits.starts_with('0');
        return padded && !digits.empty() && canonical;
    }

    static bool exceeds(std::string_view digits, std::uint64_t most) {
        const auto first = digits.find_first_not_of('0');
        const auto number = first == none ? std::string_view("0") : digits.substr(first);
        const auto limit = std::to_string(most);
        return number.size() != limit.size() ? number.size() > limit.size() : number > limit;
    }

    std::size_t read_frame(std::string_view stream, std::size_t begin, reading& all) const {
        const auto most = skip ? std::numeric_limits<std::uint64_t>::max() - 1 : payload_bytes_max;
        const auto header = stream.substr(begin, width);
        const auto wrong = first_wrong(header);
        for (std::size_t size = 1; size <= wrong; ++size) {
            const auto digits = header.substr(0, std::min(size, header.find(' ')));
            if (exceeds(digits, most)) return fail(all, errc::frame_too_large, begin);
        }
        if (wrong < header.size()) return fail(all, class_of(header, wrong), begin + wrong);
        if (header.size() < width) return fail(all, errc::frame_truncated, stream.size());
        const auto length = std::stoull(std::string(header.substr(0, header.find(' '))));
        const auto rest = stream.substr(begin + width);
        return characters ? take_characters(rest, length, begin, all)
                          : take_bytes(rest, length, begin, all);
    }

    std::size_t take_bytes(std::string_view rest, std::uint64_t length, std::size_t begin,
                           reading& all) const {
        if (rest.size() < length) {
            return fail(all, errc::frame_truncated, begin + width + rest.size());
        }
        return accept(rest.substr(0, length), length > payload_bytes_max, begin, all);
    }

    // One character at a time: each must be UTF-8, and no byte may exceed the bound unless the
    // frame is skipped.
    std::size_t take_characters(std::string_view rest, std::uint64_t length, std::size_t begin,
                                reading& all) const {
        bool skipping = length > payload_bytes_max;
        for (std::size_t end = 0; end <= rest.size(); ++end) {
            const auto text = utf8_oracle::instance().read(rest.substr(0, end));
            if (!text.valid) return fail(all, errc::frame_utf8, begin + width + end - 1);
            if (!skipping && end > payload_bytes_max) {
                if (!skip) return fail(all, errc::frame_too_large, begin);
                skipping = true;
            }
            if (text.characters == length) {
                return accept(rest.substr(0, end), skipping, begin, all);
            }
        }
        return fail(all, errc::frame_truncated, begin + width + rest.size());
    }

    std::size_t accept(std::string_view payload, bool skipped, std::size_t begin,
                       reading& all) const {
        all.frames.push_back({skipped ? "" : std::string(payload), begin, skipped});
        return begin + width + payload.size();
    }

    static std::size_t fail(reading& all, errc error, std::uint64_t offset) {
        all.error = error;
        all.error_offset = offset;
        return static_cast<std::size_t>(offset);
    }
};

inline void PrintTo(const frame_oracle& oracle, std::ostream* out) {
    *out << "digits:" << oracle.width << (oracle.spaces ? ",pad=space" : "")
         << (oracle.characters ? ",count=chars" : "") << ",max=" << oracle.payload_bytes_max
         << (oracle.skip ? ",oversize=skip" : "");
}

}  // namespace framewire::tests
