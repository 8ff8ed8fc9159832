#include "wireshark.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"
#include "lua.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

namespace framewire {
namespace {

// The largest frame to reassemble, like `limits::assembled_bytes_max`; a spec may allow more, up
// to the 28 bits in which Wireshark requests bytes.
constexpr auto usual_bytes_max = 16 * MiB;
constexpr auto held_bytes_max = 255 * MiB;

// Lua 5.2 has only `double` numbers; up to here they and their sums are exact.
constexpr auto number_max = std::uint64_t{1} << 52;

std::string lua_text(bytes text) {
    std::string out = "\"";
    for (const char byte : text) {
        const bool plain = byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\';
        if (plain)
            out += byte;
        else
            out += fmt::format("\\{:03}", static_cast<std::uint8_t>(byte));
    }
    return out + '"';
}

std::string lua_wide(std::uint64_t number) {
    return fmt::format("UInt64.new(0x{:x}, 0x{:x})", number & 0xFFFF'FFFFU, number >> 32);
}

// Of each verb that announces data: which word is the size, from the end if negative, and how many
// words there are at least. As in codec/nats.cpp and its like.
constexpr std::string_view nats_verbs =
    "{PUB = {-1, 3}, HPUB = {-1, 4}, MSG = {-1, 4}, HMSG = {-1, 5}}";
constexpr std::string_view nats_others =
    R"({"INFO", "CONNECT", "SUB", "UNSUB", "PING", "PONG", "+OK", "-ERR"})";
constexpr std::string_view memcached_verbs =
    "{set = {5, 5}, add = {5, 5}, replace = {5, 5}, append = {5, 5}, prepend = {5, 5}, "
    "cas = {5, 6}, ms = {3, 3}, VALUE = {4, 4}, VA = {2, 2}}";
constexpr std::string_view beanstalkd_verbs =
    "{put = {5, 5}, RESERVED = {3, 3}, FOUND = {3, 3}, OK = {2, 2}}";

std::string_view reader_of(notation written) {
    switch (written) {
        case notation::bcd: return lua::bcd_number;
        case notation::terminated: return lua::decimal_number;
        case notation::binary: return lua::binary_number;
        case notation::varint: return lua::varint_number;
        default: return lua::digits_number;
    }
}

// The largest number that a field can have.
std::uint64_t number_max_of(const length_layout& length) {
    const auto power = [&](std::uint64_t base, std::size_t exponent) {
        std::uint64_t value = 1;
        for (std::size_t count = 0; count < exponent; ++count) {
            if (value > unknown_length / base) return unknown_length;
            value *= base;
        }
        return value - 1;
    };
    switch (length.written) {
        case notation::digits: return power(10, length.width);
        case notation::hex: return power(16, length.width);
        case notation::bcd: return power(100, length.width);
        case notation::binary: return power(256, length.width);
        case notation::varint: return power(128, length.width);
        default: return power(10, 10);
    }
}

std::string_view lua_name(line_ends eol) {
    switch (eol) {
        case line_ends::crlf: return "crlf";
        case line_ends::lf: return "lf";
        case line_ends::any: return "any";
    }
    return {};
}

/// A function in Lua that returns what reads the frames of one framing: its settings, and the
/// parts that need them.
class reader {
public:
    explicit reader(const framing& frames)
        : payload_max_(frames.payload_bytes_max().value_or(usual_bytes_max)),
          skips_(frames.beyond() == oversize::skip) {
        set("payload_max", std::min(payload_max_, number_max));
        set("held_max", std::clamp(payload_max_, usual_bytes_max, held_bytes_max));
        set("skips", skips_);
        const auto layout = frames.describe();
        is_known_ = add(layout);
        text_ = fmt::format(
            "(function()\n{}return {{read = read_frame, payload_max = payload_max, "
            "unit = {}, length_at = {}, length_size = {}}}\nend)()\n",
            text_, unit_, length_at_, length_size_);
    }

    /// False for what has no reader in Lua.
    [[nodiscard]] bool is_known() const noexcept { return is_known_; }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    bool add(const frame_layout& frame) {
        if (frame.own != grammar::none) return add_own(frame);
        if (frame.length) return add_length(*frame.length, frame.skip);
        if (frame.end && (!frame.start.empty() || frame.trailer_size > 0)) {
            set("opening", lua_text(frame.start));
            set("mark", lua_text(frame.end->mark()));
            set("skipped", lua_text(frame.skip));
            set("trailer_size", frame.trailer_size);
            return add_parts(lua_text(quote(frame.start)), {lua::between_frame});
        }
        if (frame.end) return add_ends(*frame.end, frame.other_ends);
        return add_parts("nil", {lua::raw_frame});
    }
    bool add_ends(const boundary& end, const std::vector<boundary>& others) {
        auto marks = lua_text(end.mark());
        for (const auto& other : others) marks += ", " + lua_text(other.mark());
        set("marks", '{' + marks + '}');
        set("is_line", end.is_line_end());
        return add_parts("nil", {lua::delimited_frame});
    }

    bool add_length(const length_layout& length, bytes spaces) {
        switch (length.written) {
            case notation::none:
                set("payload_size", std::min(length.payload_size, number_max));
                return add_parts("nil", {lua::fixed_frame});
            case notation::fields: return add_fields(length, spaces);
            default: break;
        }
        if (length.unit_size != 1 || length.align != 1 || length.plus_width != 0) return false;
        if (length.word != 1) return false;
        set_number(length);
        set_options(length);
        const bool in_bytes = length.unit == counting::in_bytes;
        unit_ = in_bytes ? R"("bytes")" : R"("characters")";
        return add_parts(
            lua_text(length.expectation),
            {reader_of(length.written), in_bytes ? lua::bytes_payload : lua::characters_payload,
             lua::prefixed_frame});
    }
    void set_number(const length_layout& length) {
        set("width", length.width);
        set("base", length.written == notation::hex ? 16 : 10);
        set("trailing_spaces", length.padded_right);
        set("leading_spaces", length.padded_left);
        set("terminator", lua_text(length.terminator));
        set("little_endian", length.little_endian);
        set("any_form", length.any_form);
    }
    void set_options(const length_layout& length) {
        const bool has_bits =
            length.mask != length_layout::all_bits || length.more != 0 || length.last != 0;
        const auto length_max = skips_ ? unknown_length - 1 : payload_max_;
        const bool is_wide =
            has_bits || length_max >= number_max || length.idle_last >= number_max;
        const auto number = [&](std::uint64_t value) {
            return is_wide ? lua_wide(value) : fmt::format("{}", std::min(value, number_max));
        };
        const auto number_if = [&](bool has, std::uint64_t value) {
            return has ? number(value) : "nil";
        };
        set("zero", number(0));
        set("largest", number_if(is_wide, unknown_length));
        set("length_max", number(length_max));
        set("limit_max", number(has_bits ? unknown_length : field_limit(length, length_max)));
        set("magic", lua_text(length.magic));
        set("offset", length.offset);
        set("lead", length.lead);
        set("adjust", length.adjust);
        set("mask", number_if(has_bits, length.mask));
        set("more", number_if(length.more != 0, length.more));
        set("last", number_if(length.last != 0, length.last));
        set("full", number_if(length.joins_full, number_max_of(length) & length.mask));
        set("idle_first", number_if(length.idle_first.has_value(), length.idle_first.value_or(0)));
        set("idle_last", number_if(length.idle_first.has_value(), length.idle_last));
        set("trailer_size", length.trailer_size);
        set("trailer", length.trailer.empty() ? "nil" : lua_text(length.trailer));
        length_at_ = length.offset;
        if (length.written == notation::binary) length_size_ = fmt::format("{}", length.width);
    }
    // The largest number that announces no more than this.
    static std::uint64_t field_limit(const length_layout& length, std::uint64_t length_max) {
        auto limit = length_max < length.lead ? 0 : length_max - length.lead;
        const auto size = static_cast<std::uint64_t>(std::abs(length.adjust));
        if (length.adjust < 0) {
            limit += std::min(size, unknown_length - limit);
        } else {
            limit -= std::min(size, limit);
        }
        return length.idle_first ? std::max(limit, length.idle_last) : limit;
    }

    bool add_fields(const length_layout& length, bytes spaces) {
        const auto& fields = length.fields;
        std::string known;
        for (auto name : fields.names) {
            std::ranges::transform(name, name.begin(), [](unsigned char byte) {
                return static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
            });
            known += fmt::format("[{}] = true, ", lua_text(name));
        }
        const auto length_max = skips_ ? number_max : std::min(payload_max_, number_max);
        set("length_max", length_max);
        text_ += lua::field_lines;
        set("header_rules",
            fmt::format("{{known = {{{}}}, eol = \"{}\", has_start = {}, any_spaces = {}, "
                        "may_be_missing = {}, first = {}, length_max = length_max, "
                        "refused = \"frame.length_syntax\"}}",
                        known, lua_name(fields.eol), fields.has_start_line, fields.any_blanks,
                        fields.may_be_missing, fields.has_start_line ? "name_bytes" : R"("%a")"));
        set("header_max", fields.is_in_payload ? 65'536 : 4096);
        set("is_kept", fields.is_in_payload);
        set("ends_at_trailer", fields.ends_at_trailer);
        set("interleaved", fields.interleaved
                               ? fmt::format("{}", static_cast<std::uint8_t>(*fields.interleaved))
                               : "nil");
        set("spaces", lua_text(spaces));
        set("trailer", lua_text(length.trailer));
        return add_parts(lua_text(length.expectation), {lua::fields_frame});
    }

    bool add_own(const frame_layout& frame) {
        switch (frame.own) {
            case grammar::slip:
            case grammar::kiss:
                return add_flagged("\xC0", "\xDB", R"({["\220"] = flag, ["\221"] = escape})");
            case grammar::jt808:
                return add_flagged("~", "}", R"({["\2"] = flag, ["\1"] = escape})");
            case grammar::hdlc:
                return add_flagged("~", "}", "{}",
                                   "for byte = 0, 255 do\n"
                                   "    if byte ~= flag:byte() then\n"
                                   "        meanings[string.char(byte)] = "
                                   "string.char(bit32.bxor(byte, 0x20))\n"
                                   "    end\nend\n");
            case grammar::telnet: return add_stuffed(lua::telnet_parts);
            case grammar::cobs: return add_stuffed(lua::cobs_parts);
            case grammar::dot:
                set("line_end", frame.eol == line_ends::lf ? R"("\n")" : R"("\r\n")");
                return add_stuffed(lua::dot_parts);
            case grammar::ber: return add_value(lua::ber_value);
            case grammar::json: return add_value(lua::json_value, R"(" \n\r\t")");
            case grammar::resp: return add_value(lua::resp_value);
            case grammar::msgpack: return add_value(lua::msgpack_value);
            case grammar::nats: return add_lines(nats_verbs, nats_others, true);
            case grammar::memcached: return add_lines(memcached_verbs, "nil", false);
            case grammar::beanstalkd: return add_lines(beanstalkd_verbs, "nil", false);
            case grammar::fix: return add_parts(expected, {lua::counted_text, lua::fix_frame});
            case grammar::syslog_any:
                return add_parts(expected, {lua::counted_text, lua::syslog_frame});
            case grammar::chunks:
                set("width", frame.length->width);
                set("little_endian", frame.length->little_endian);
                return add_parts(expected, {lua::sized_chunks, lua::binary_number,
                                            lua::sized_chunks_size, lua::chunks_frame});
            case grammar::chunked:
                return add_parts(expected,
                                 {lua::field_lines, lua::http_chunks, lua::chunks_frame});
            case grammar::netconf11:
                return add_parts(expected, {lua::netconf_chunks, lua::chunks_frame});
            case grammar::stream: return add_parts(expected, {lua::raw_frame});
            default: return false;
        }
    }
    bool add_flagged(bytes flag, bytes escape, std::string_view meanings,
                     std::string_view more_meanings = {}) {
        set("flag", lua_text(flag));
        set("escape", lua_text(escape));
        set("meanings", meanings);
        text_ += more_meanings;
        return add_stuffed(lua::flagged_parts);
    }
    bool add_stuffed(std::string_view parts) {
        return add_parts(expected, {parts, lua::stuffed_frame});
    }
    bool add_value(std::string_view value, std::string_view spaces = R"("")") {
        set("spaces", spaces);
        return add_parts(expected, {lua::counted_text, value, lua::value_frame});
    }
    bool add_lines(std::string_view sizes, std::string_view others, bool any_case) {
        set("sizes", sizes);
        set("others", others);
        set("any_case", any_case);
        return add_value(lua::lines_value);
    }

    template <class Value>
    void set(std::string_view name, const Value& value) {
        text_ += fmt::format("local {} = {}\n", name, value);
    }
    bool add_parts(std::string_view expectation, std::initializer_list<std::string_view> parts) {
        text_ += fmt::format("local expected = {}\n", expectation);
        text_ += lua::faults;
        for (const auto part : parts) text_ += part;
        return true;
    }

    static constexpr std::string_view expected = R"("other bytes")";

    std::string text_;
    std::string unit_ = R"("bytes")";
    std::string length_size_ = "nil";
    std::size_t length_at_ = 0;
    std::uint64_t payload_max_;
    bool skips_;
    bool is_known_ = true;
};

// `{first =, rest =}` of one direction; nothing if one of them has no reader.
std::optional<std::string> readers(const framing& frames) {
    const reader rest(frames);
    if (!rest.is_known()) return {};
    if (frames.first() == nullptr) return fmt::format("{{rest = {}}}\n", rest.text());
    const reader first(*frames.first());
    if (!first.is_known()) return {};
    return fmt::format("{{first = {}, rest = {}}}\n", first.text(), rest.text());
}

}  // namespace

result<std::string> wireshark_dissector(const framing& frames, std::uint16_t port,
                                        std::string_view payload) {
    const auto requests = readers(frames);
    const auto replies = readers(frames.replies());
    if (!requests || !replies) {
        return tl::unexpected(failure{
            fmt::format("--wireshark: there is no dissector for {}", quote(frames.spec())),
            "Wireshark itself knows most protocols; 'framewire trace' reads every framing"});
    }
    std::string shown;
    append_escaped(frames.spec(), 0, shown);
    auto script = fmt::format(
        "-- Shows framewire's frames in Wireshark: those of `spec`, on TCP `port`.\n"
        "-- wireshark -X lua_script:THIS_FILE\n\n"
        "local spec = {}\nlocal port = {}\nlocal payload_name = {}\n",
        lua_text(shown), port, payload.empty() ? "nil" : lua_text(payload));
    script += lua::texts;
    script += "\nlocal requests = " + *requests;
    script += "local replies = " + (frames.is_symmetric() ? std::string("requests\n") : *replies);
    script += lua::dissector;
    return script;
}

}  // namespace framewire
