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
        if (frame.length) {
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
    void add_parts(std::initializer_list<std::string_view> parts) {
        for (const auto part : parts) text_ += part;
        text_ += lua::dissector;
    }

    std::string text_;
    std::uint64_t payload_max_;
    bool skips_;
};

}  // namespace

std::string wireshark_dissector(const framing& frames, std::uint16_t port) {
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
