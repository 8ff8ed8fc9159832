#include "wireshark.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"
#include "lua.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <initializer_list>
#include <limits>
#include <string_view>

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

std::string_view reader_of(notation written) {
    switch (written) {
        case notation::none: return lua::fixed_header;
        case notation::digits:
        case notation::hex:
        case notation::bcd: return lua::digits_header;
        case notation::terminated: return lua::decimal_header;
        case notation::binary: return lua::binary_header;
        case notation::varint: return lua::varint_header;
        case notation::fields: return lua::content_length_header;
    }
    return {};
}

/// The settings of a dissector, and its parts.
class script {
public:
    explicit script(const framing& frames)
        : payload_max_(frames.payload_bytes_max().value_or(usual_bytes_max)),
          skips_(frames.beyond() == oversize::skip) {
        set("payload_max", std::min(payload_max_, number_max));
        set("held_max", std::clamp(payload_max_, usual_bytes_max, held_bytes_max));
        set("skips", skips_);
    }

    void add(const frame_layout& frame) {
        if (frame.own != grammar::none) {
            add_stuffed();
        } else if (frame.length) {
            set("lead", frame.length->lead);
            set_header(*frame.length);
            add_prefixed(*frame.length);
        } else if (frame.end) {
            add_delimited(*frame.end, frame.start);
        } else {
            set_display({});
            add_parts({lua::texts, lua::raw_frame});
        }
    }

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    template <class Value>
    void set(std::string_view name, const Value& value) {
        text_ += fmt::format("local {} = {}\n", name, value);
    }

    [[nodiscard]] std::uint64_t length_max() const noexcept {
        return skips_ ? unknown_length - 1 : payload_max_;
    }
    void set_limit() { set("length_max", std::min(length_max(), number_max)); }
    // For headers that can announce more than a number of Lua.
    void set_wide_limit() {
        const bool wide = length_max() >= number_max;
        constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
        set("length_max", wide ? lua_wide(length_max()) : fmt::format("{}", length_max()));
        set("zero", wide ? lua_wide(0) : "0");
        set("largest", wide ? lua_wide(largest) : "nil");
    }
    // The settings for the reader of this notation.
    void set_header(const length_layout& length) {
        switch (length.written) {
            case notation::none:
                set("payload_size", std::min(length.payload_size, number_max));
                return set_limit();
            case notation::digits:
            case notation::hex:
            case notation::bcd:
                set("width", length.width);
                set("trailing_spaces", length.padded_right);
                return set_wide_limit();
            case notation::terminated:
                set("terminator", static_cast<unsigned>(length.terminator.front()));
                return set_limit();
            case notation::binary:
                set("width", length.width);
                set("little_endian", length.little_endian);
                set("offset", length.offset);
                set("magic", lua_text(length.magic));
                set("adjust", length.adjust);
                return set_wide_limit();
            case notation::varint: return set_wide_limit();
            case notation::fields: return set_limit();
        }
    }
    // In text the length is displayed as the whole header.
    void set_display(const length_layout& length) {
        const bool in_bytes = length.unit == counting::in_bytes;
        const bool is_field = length.written == notation::binary;
        set("unit", in_bytes ? R"("bytes")" : R"("characters")");
        set("length_at", length.offset);
        set("length_size", is_field ? fmt::format("{}", length.width) : "nil");
    }
    void add_prefixed(const length_layout& length) {
        set("expected", lua_text(length.expectation));
        set("lead_at", length.magic.size());
        set("trailer_size", length.trailer_size);
        set("trailer", length.trailer.empty() ? "nil" : lua_text(length.trailer));
        set_display(length);
        add_parts(
            {lua::texts, reader_of(length.written),
             length.unit == counting::in_bytes ? lua::bytes_payload : lua::characters_payload,
             lua::prefixed_frame});
    }
    void add_delimited(const boundary& end, bytes lead) {
        set("lead", lead.empty() ? "nil" : lua_text(lead));
        set("mark", lua_text(end.mark()));
        set("is_line", end.is_line_end());
        set("expected", lua_text(quote(lead)));
        set_display({});
        add_parts({lua::texts, lua::delimited_frame});
    }
    void add_stuffed() {
        set("flag", lua_text("\xC0"));
        set("escape", lua_text("\xDB"));
        set("meanings",
            fmt::format("{{[{}] = flag, [{}] = escape}}", lua_text("\xDC"), lua_text("\xDD")));
        set("expected", lua_text(R"("\xc0" or "\xdb" after an escape)"));
        set_display({});
        add_parts({lua::texts, lua::stuffed_frame});
    }
    void add_parts(std::initializer_list<std::string_view> parts) {
        for (const auto part : parts) text_ += part;
        text_ += lua::dissector;
    }

    std::string text_;
    std::uint64_t payload_max_;
    bool skips_;
};

bool reads(const length_layout& length) {
    const bool is_masked = length.mask != length_layout::all_bits || length.more != 0 ||
                           length.last != 0 || length.joins_full;
    const bool is_added_to = length.unit_size != 1 || length.align != 1 || length.plus_width != 0;
    if (is_masked || is_added_to || length.idle_first || length.word != 1) return false;
    switch (length.written) {
        case notation::none: return true;
        case notation::digits:
            return length.offset == 0 && length.adjust == 0 && !length.padded_left;
        case notation::binary: return true;
        case notation::varint:
            return length.offset == 0 && length.adjust == 0 && length.width == 10 &&
                   !length.any_form;
        case notation::terminated:
            return length.offset == 0 && length.adjust == 0 && length.terminator.size() == 1;
        case notation::fields: {
            const auto& fields = length.fields;
            return fields.names == field_layout{}.names && fields.eol == line_ends::crlf &&
                   !fields.has_start_line && !fields.any_blanks && !fields.may_be_missing &&
                   !fields.is_in_payload;
        }
        default: return false;
    }
}

// False for what has no reader in Lua.
bool reads(const framing& frames) {
    if (frames.first() != nullptr || !frames.is_symmetric()) return false;
    const auto layout = frames.describe();
    if (layout.own != grammar::none) {
        return layout.own == grammar::slip || layout.own == grammar::kiss;
    }
    if (layout.length) return reads(*layout.length);
    return layout.start.size() <= 1 && layout.other_ends.empty() && layout.trailer_size == 0 &&
           layout.skip.empty();
}

}  // namespace

result<std::string> wireshark_dissector(const framing& frames, std::uint16_t port) {
    if (!reads(frames)) {
        return tl::unexpected(failure{
            fmt::format("--wireshark: there is no dissector for {}", quote(frames.spec())),
            "Wireshark itself knows most protocols; 'framewire trace' reads every framing"});
    }
    script made(frames);
    made.add(frames.describe());
    std::string shown;
    append_escaped(frames.spec(), 0, shown);
    return fmt::format(
               "-- Shows framewire's frames in Wireshark: those of `spec`, on TCP `port`.\n"
               "-- wireshark -X lua_script:THIS_FILE\n\n"
               "local spec = {}\nlocal port = {}\n",
               lua_text(shown), port) +
           made.text();
}

}  // namespace framewire
