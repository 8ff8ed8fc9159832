#include "framewire/codec/chunks.hpp"

#include "framewire/core/quote.hpp"
#include "spec_reader.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <limits>

namespace framewire {
namespace {

using kind = chunk_rules::kind;

constexpr bytes http_end = "\r\n0\r\n\r\n";
constexpr bytes netconf_end = "\n##\n";
constexpr std::size_t hex_digits_max = 16;
constexpr std::size_t netconf_digits_max = 10;
constexpr std::uint64_t netconf_size_max = 4'294'967'295;

// Not a digit: 16.
unsigned hex_value(char byte) noexcept {
    if (byte >= '0' && byte <= '9') return static_cast<unsigned>(byte - '0');
    const auto letter = static_cast<char>(byte | 0x20);
    return letter >= 'a' && letter <= 'f' ? static_cast<unsigned>(letter - 'a') + 10 : 16;
}

// Fields after the data, none of which may announce a length (RFC 9110, section 6.5.1).
field_rules trailer_rules() noexcept {
    field_rules rules;
    rules.any_blanks = true;
    rules.has_any_names = true;
    rules.without = field_rules::missing::is_zero;
    return rules;
}

}  // namespace

std::uint64_t chunk_rules::chunk_bytes_max() const noexcept {
    if (what == kind::http) return std::numeric_limits<std::uint64_t>::max();
    if (what == kind::netconf) return netconf_size_max;
    return std::numeric_limits<std::uint64_t>::max() >> (64 - 8 * width);
}

bytes chunk_rules::end() const noexcept {
    if (what == kind::http) return http_end;
    if (what == kind::netconf) return netconf_end;
    return {"\0\0\0\0\0\0\0\0", width};
}

void chunk_rules::write_head(std::uint64_t size, std::string& out) const {
    if (what == kind::http) {
        out += fmt::format("{:x}\r\n", size);
    } else if (what == kind::netconf) {
        out += fmt::format("\n#{}\n", size);
    } else {
        for (unsigned at = 0; at < width; ++at) {
            const auto shift = 8 * (little_endian ? at : width - 1U - at);
            out += static_cast<char>(size >> shift & 0xFFU);
        }
    }
}

chunk_reader::chunk_reader(const chunk_rules& rules) noexcept
    : rules_(rules), trailer_(trailer_rules()) {
    if (rules.what == kind::http) {
        first_ = place::size;
        after_data_ = place::data_end;
    } else if (rules.what == kind::netconf) {
        first_ = after_data_ = place::data_end;
    }
    place_ = first_;
}

void chunk_reader::restart() noexcept {
    place_ = first_;
    taken_ = 0;
    dropped_ = 0;
    left_ = 0;
    ended_ = has_data_ = false;
    trailer_.reset();
}

reading_step chunk_reader::read(bytes input) noexcept {
    using enum reading_step::kind;
    std::size_t at = 0;
    while (place_ != place::data) {
        if (at == input.size()) return {.taken = at};
        if (!take(input[at])) return {.what = at == 0 ? wrong : payload, .taken = at};
        ++at;
        if (!ended_) continue;
        restart();
        return {.what = end, .taken = at};
    }
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size() - at));
    const auto data = input.substr(at, size);
    at += size;
    left_ -= size;
    if (left_ > 0) return {.taken = at, .data = data};
    place_ = after_data_;
    // A payload in one chunk is delivered whole.
    if (!input.substr(at).starts_with(rules_.end())) return {.taken = at, .data = data};
    restart();
    return {.what = end, .taken = at + rules_.end().size(), .data = data};
}

bool chunk_reader::take(char byte) noexcept {
    switch (rules_.what) {
        case kind::http: return take_in_http(byte);
        case kind::netconf: return take_in_netconf(byte);
        default: return take_in_head(byte);
    }
}

bool chunk_reader::take_in_head(char byte) noexcept {
    const auto value = std::uint64_t{static_cast<std::uint8_t>(byte)};
    left_ = rules_.little_endian ? left_ | value << (8U * taken_) : left_ << 8U | value;
    if (++taken_ == rules_.width) begin_data();
    return true;
}

// A chunk without data is the last.
void chunk_reader::begin_data() noexcept {
    taken_ = 0;
    ended_ = left_ == 0;
    has_data_ = true;
    place_ = place::data;
}

bool chunk_reader::take_in_http(char byte) noexcept {
    switch (place_) {
        case place::size: return take_in_size(byte);
        case place::extension:
            if (byte != '\r') return drop(byte);
            place_ = place::size_end;
            return true;
        case place::size_end:
            if (byte != '\n') return false;
            if (left_ > 0) {
                begin_data();
            } else {
                place_ = place::trailer;
            }
            return true;
        case place::data_end:
            if (byte != '\r') return false;
            place_ = place::line_feed;
            return true;
        case place::line_feed:
            if (byte != '\n') return false;
            place_ = place::size;
            return true;
        default: return take_in_trailer(byte);
    }
}

bool chunk_reader::take_in_size(char byte) noexcept {
    const auto value = hex_value(byte);
    if (value < 16) {
        if (taken_ == hex_digits_max) return false;
        left_ = left_ << 4U | value;
        ++taken_;
        return true;
    }
    if (taken_ == 0 || (byte != '\r' && byte != ';')) return false;
    place_ = byte == '\r' ? place::size_end : place::extension;
    taken_ = 0;
    return true;
}

bool chunk_reader::take_in_trailer(char byte) noexcept {
    const bool is_end = byte == '\r' || byte == '\n';
    if (!is_end && dropped_ == dropped_bytes_max) return false;
    if (trailer_.in_length() || trailer_.take(byte, 0)) return false;
    if (!is_end) ++dropped_;
    ended_ = trailer_.complete();
    return true;
}

bool chunk_reader::drop(char byte) noexcept {
    const auto value = static_cast<std::uint8_t>(byte);
    const bool is_text = byte == '\t' || (value >= ' ' && value != 0x7F);
    if (!is_text || dropped_ == dropped_bytes_max) return false;
    ++dropped_;
    return true;
}

bool chunk_reader::take_in_netconf(char byte) noexcept {
    switch (place_) {
        case place::data_end:
            if (byte != '\n') return false;
            place_ = place::hash;
            return true;
        case place::hash:
            if (byte != '#') return false;
            place_ = place::size;
            return true;
        case place::end: ended_ = byte == '\n'; return ended_;
        default: break;
    }
    if (byte == '#' && taken_ == 0 && has_data_) {
        place_ = place::end;
        return true;
    }
    if (byte == '\n' && taken_ > 0) {
        begin_data();
        return true;
    }
    const bool is_digit = byte >= (taken_ == 0 ? '1' : '0') && byte <= '9';
    if (!is_digit || taken_ == netconf_digits_max) return false;
    const auto size = left_ * 10 + static_cast<std::uint64_t>(byte - '0');
    if (size > netconf_size_max) return false;
    left_ = size;
    ++taken_;
    return true;
}

std::size_t chunk_reader::wanted() const noexcept {
    if (place_ == place::data) {
        return static_cast<std::size_t>(
            std::min<std::uint64_t>(left_, std::numeric_limits<std::size_t>::max()));
    }
    return place_ == place::head ? rules_.width - taken_ : std::size_t{1};
}

bytes chunk_reader::end_name() const noexcept {
    return rules_.what == kind::http ? http_end.substr(2) : rules_.end();
}

std::string chunk_reader::words_for(bytes input) const {
    const auto seen = quote(input.substr(0, 4));
    const auto expected = [&](std::string_view what) {
        return fmt::format("{} where {} was expected", seen, what);
    };
    if (dropped_ == dropped_bytes_max) {
        return fmt::format("{} after {} bytes of extensions and trailer fields", seen, dropped_);
    }
    const bool is_netconf = rules_.what == kind::netconf;
    switch (place_) {
        case place::size:
            if (is_netconf) return expected("a chunk's size, 1 to 4294967295,");
            return expected(taken_ == hex_digits_max ? "the end of 16 hexadecimal digits"
                                                     : "a chunk's size in hexadecimal");
        case place::data_end:
            return expected(is_netconf ? R"("\n#" before a chunk)" : R"("\r\n" after a chunk)");
        case place::hash: return expected(R"("#" before a chunk's size)");
        case place::trailer: return expected("a trailer field that is no length");
        case place::extension: return expected("the text of an extension");
        default: return expected(R"("\n")");
    }
}

result<chunks> chunks::parse(spec_reader& spec) {
    const auto [text, position] = spec.argument();
    const auto name = spec.name().text;
    if (name != "chunks") {
        if (!text.empty()) return spec.refuse(position, fmt::format("no value after '{}'", name));
        return chunks{{.what = name == "chunked" ? kind::http : kind::netconf}};
    }
    constexpr std::string_view widths = "8 16 24 32 40 48 56 64 ";
    const bool little = text.ends_with("le");
    auto bits = text;
    if (little || text.ends_with("be")) bits.remove_suffix(2);
    const auto known = bits.starts_with('u') && bits.size() > 1
                           ? widths.find(fmt::format("{} ", bits.substr(1)))
                           : std::string_view::npos;
    const bool is_whole =
        known == 0 || (known != std::string_view::npos && widths[known - 1] == ' ');
    if (!is_whole || (known == 0) != (bits.size() == text.size())) {
        return spec.refuse(position, "a binary length: u8, u16be, u16le, ... u64le");
    }
    const auto width = known == 0 ? 1U : static_cast<unsigned>(known - 2) / 3 + 2;
    return chunks{{.width = static_cast<std::uint8_t>(width), .little_endian = little}};
}

tl::expected<void, errc> chunks::append(open_frame& /*frame*/, bytes data,
                                        std::string& out) const {
    while (!data.empty()) {
        const auto chunk = data.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(
                                              data.size(), rules.chunk_bytes_max())));
        rules.write_head(chunk.size(), out);
        out += chunk;
        if (rules.what == kind::http) out += "\r\n";
        data.remove_prefix(chunk.size());
    }
    return {};
}

tl::expected<void, errc> chunks::finish(const open_frame& frame, std::string& out) const {
    const bool may_be_empty = rules.what != kind::netconf;
    if (frame.bytes_written == 0 && !may_be_empty) return tl::unexpected(errc::frame_wrong_size);
    out += rules.what == kind::http ? http_end.substr(2) : rules.end();
    return {};
}

frame_layout chunks::describe() const {
    if (rules.what == kind::http) return {.own = grammar::chunked};
    if (rules.what == kind::netconf) return {.own = grammar::netconf11};
    return {.length = length_layout{.written = notation::binary,
                                    .width = rules.width,
                                    .little_endian = rules.little_endian,
                                    .expectation = "the size of a chunk"},
            .own = grammar::chunks};
}

}  // namespace framewire
