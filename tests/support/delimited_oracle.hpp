#pragma once

#include "frame_oracle.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace framewire::tests {

/// Reads `line`, `delimiter` and `mllp` from a whole stream, slowly, with string searches.
struct delimited_oracle {
    std::string mark;           ///< what ends a payload; for `line`, LF
    std::string lead{};         ///< what begins a frame
    bool drops_return = false;  ///< a CR before the mark
    bool strict = false;        ///< neither `lead` nor the first byte of `mark` inside
    std::uint64_t payload_bytes_max = std::numeric_limits<std::uint64_t>::max() - 1;
    bool skip = false;

    [[nodiscard]] reading read(std::string_view stream) const {
        reading all;
        for (std::size_t at = 0; at < stream.size() && !all.error;) {
            at = read_frame(stream, at, all);
        }
        return all;
    }

private:
    std::size_t read_frame(std::string_view stream, std::size_t begin, reading& all) const {
        if (!stream.substr(begin).starts_with(lead)) return fail(all, errc::frame_syntax, begin);
        const auto rest = stream.substr(begin + lead.size());
        if (strict) return read_strictly(rest, begin, all);
        const auto end = rest.find(mark);
        if (end == std::string_view::npos) {
            const bool too_large = rest.size() - undecided(rest) > payload_bytes_max;
            if (too_large && !skip) return fail(all, errc::frame_too_large, begin);
            return fail(all, errc::frame_truncated, stream.size());
        }
        auto payload = rest.substr(0, end);
        if (drops_return && payload.ends_with('\r')) payload.remove_suffix(1);
        const bool too_large = payload.size() > payload_bytes_max;
        if (too_large && !skip) return fail(all, errc::frame_too_large, begin);
        all.frames.push_back({too_large ? "" : std::string(payload), begin, too_large});
        return begin + lead.size() + end + mark.size();
    }

    std::size_t read_strictly(std::string_view rest, std::size_t begin, reading& all) const {
        const auto payload = rest.substr(0, rest.find(mark.front()));
        const auto at = begin + lead.size();
        const auto inside = payload.find(lead);
        if (std::min(inside, payload.size()) > payload_bytes_max && !skip) {
            return fail(all, errc::frame_too_large, begin);
        }
        if (inside != std::string_view::npos) {
            return fail(all, errc::frame_syntax, at + inside + lead.size() - 1);
        }
        const auto end = rest.substr(payload.size(), mark.size());
        for (std::size_t i = 0; i < mark.size(); ++i) {
            const auto place = at + payload.size() + i;
            if (i == end.size()) return fail(all, errc::frame_truncated, place);
            if (end[i] != mark[i]) return fail(all, errc::frame_syntax, place);
        }
        const bool too_large = payload.size() > payload_bytes_max;
        all.frames.push_back({too_large ? "" : std::string(payload), begin, too_large});
        return at + payload.size() + mark.size();
    }

    // Bytes at the end that may begin the terminator.
    [[nodiscard]] std::size_t undecided(std::string_view rest) const {
        if (drops_return) return rest.ends_with('\r') ? 1 : 0;
        auto size = std::min(mark.size() - 1, rest.size());
        while (!rest.ends_with(std::string_view(mark).substr(0, size))) --size;
        return size;
    }

    static std::size_t fail(reading& all, errc error, std::uint64_t offset) {
        all.error = error;
        all.error_offset = offset;
        return static_cast<std::size_t>(offset);
    }
};

}  // namespace framewire::tests
