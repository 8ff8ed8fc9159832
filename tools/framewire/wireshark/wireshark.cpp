#include "wireshark.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"
#include "lua.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <string_view>

namespace framewire {
namespace {

// What is put together, like `limits::assembled_bytes_max`; a spec may ask for more, up to what
// Wireshark's way of asking for bytes can say (28 bits).
constexpr auto usual_bytes_max = 16 * MiB;
constexpr auto held_bytes_max = 255 * MiB;

// Lua 5.2 has no other numbers than `double`; up to here they are exact, and so are sums of them.
constexpr auto number_max = std::uint64_t{1} << 52;

std::string lua_text(bytes text) {
    std::string out = "\"";
    for (const char byte : text) {
        const bool plain = byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\';
        if (plain)
            out += byte;
        else
            fmt::format_to(std::back_inserter(out), "\\{:03}", static_cast<std::uint8_t>(byte));
    }
    return out + '"';
}

std::string lua_wide(std::uint64_t number) {
    return fmt::format("UInt64.new(0x{:x}, 0x{:x})", number & 0xFFFF'FFFFU, number >> 32);
}

/// What a length in front of a payload is like.
struct prefix {
    std::string expectation{};
    std::string_view reader;
    counting unit = counting::in_bytes;
    // Where in the header the length stands; by default, all over it.
    std::size_t length_at = 0;
    std::size_t length_size = 0;
    std::size_t trailer_size = 0;
    bytes trailer{};  // what it must be; empty if anything goes
};

/// The settings of a dissector, and what follows on them.
class script {
public:
    explicit script(const framing& frames)
        : payload_max_(frames.payload_bytes_max().value_or(usual_bytes_max)),
          skips_(frames.beyond() == oversize::skip) {
        set("payload_max", std::min(payload_max_, number_max));
        set("held_max", std::clamp(payload_max_, usual_bytes_max, held_bytes_max));
        set("skips", skips_);
    }

    void add(const digits& codec) {
        const digits_header header{.width = codec.width, .pad = codec.pad};
        set("width", codec.width);
        set("blanks_behind", codec.pad == padding::space);
        set_wide_limit();
        add({.expectation = header.expectation(),
             .reader = lua::digits_header,
             .unit = codec.count});
    }
    void add(const fixed& codec) {
        set("payload_size", std::min(codec.size, number_max));
        set_limit();
        add({.reader = lua::fixed_header});
    }
    void add(const raw& /*codec*/) {
        set_display({.reader = {}});
        add_parts({lua::texts, lua::raw_frame});
    }
    void add(const binary_length& codec) {
        const auto& layout = codec.layout;
        set("width", layout.width);
        set("little_endian", layout.little_endian);
        set("offset", layout.offset);
        set("magic", lua_text(layout.magic_bytes()));
        set("adjust", layout.adjust);
        set_wide_limit();
        add({.expectation = binary_header(layout).expectation(),
             .reader = lua::binary_header,
             .length_at = layout.offset,
             .length_size = layout.width,
             .trailer_size = layout.trailer});
    }
    void add(const varint& /*codec*/) {
        set_wide_limit();
        add({.expectation = varint_header{}.expectation(), .reader = lua::varint_header});
    }
    void add(const netstring& /*codec*/) { add(netstring::header); }
    void add(const octet_count& /*codec*/) { add(octet_count::header); }
    void add(const content_length& /*codec*/) {
        set_limit();
        add({.expectation = content_length_header{}.expectation(),
             .reader = lua::content_length_header});
    }
    void add(const line& codec) { add_delimited(codec.boundary(), {}, true); }
    void add(const delimiter& codec) { add_delimited(codec.boundary(), {}, false); }
    void add(const mllp& codec) { add_delimited(codec.boundary(), bytes(&mllp::lead, 1), false); }

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    template <class Value>
    void set(std::string_view name, const Value& value) {
        fmt::format_to(std::back_inserter(text_), "local {} = {}\n", name, value);
    }

    [[nodiscard]] std::uint64_t length_max() const noexcept {
        return skips_ ? unknown_length - 1 : payload_max_;
    }
    void set_limit() { set("length_max", std::min(length_max(), number_max)); }
    // For headers that can say more than a number of Lua.
    void set_wide_limit() {
        const bool wide = length_max() >= number_max;
        constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
        set("length_max", wide ? lua_wide(length_max()) : fmt::format("{}", length_max()));
        set("zero", wide ? lua_wide(0) : "0");
        set("largest", wide ? lua_wide(largest) : "nil");
    }
    void set_display(const prefix& header) {
        const bool in_bytes = header.unit == counting::in_bytes;
        set("unit", in_bytes ? R"("bytes")" : R"("characters")");
        set("length_at", header.length_at);
        set("length_size",
            header.length_size == 0 ? "nil" : fmt::format("{}", header.length_size));
    }

    void add(const decimal_header& header) {
        set("terminator", static_cast<unsigned>(header.terminator));
        set_limit();
        add({.expectation = header.expectation(),
             .reader = lua::decimal_header,
             .trailer_size = header.trailer_size(),
             .trailer = header.has_trailer ? bytes(&header.trailer, 1) : bytes{}});
    }
    void add(const prefix& header) {
        set("expected", lua_text(header.expectation));
        set("trailer_size", header.trailer_size);
        set("trailer", header.trailer.empty() ? "nil" : lua_text(header.trailer));
        set_display(header);
        add_parts(
            {lua::texts, header.reader,
             header.unit == counting::in_bytes ? lua::bytes_payload : lua::characters_payload,
             lua::prefixed_frame});
    }
    void add_delimited(const boundary& end, bytes lead, bool is_line) {
        set("lead", lead.empty() ? "nil" : lua_text(lead));
        set("mark", lua_text(end.mark()));
        set("is_line", is_line);
        set("expected", lua_text(quote(lead)));
        set_display({.reader = {}});
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
    std::visit([&](const auto& codec) { made.add(codec); }, frames.codec());
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
