#include "framewire/codec/detail/field_lines.hpp"

#include "decimal_digits.hpp"
#include "framewire/core/quote.hpp"
#include "spec_reader.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

constexpr std::string_view usual_field = "Content-Length: ";
constexpr auto usual_name = usual_field.substr(0, usual_field.size() - 2);
constexpr std::string_view transfer_encoding = "transfer-encoding";
// Its bit in `field_lines::alive_`, after those of the names.
constexpr std::uint8_t transfer_encoding_bit = 1U << field_names::names_max;

bool is_letter(char byte) noexcept {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

char lower(char byte) noexcept {
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

// The bytes of a field's name: RFC 9110, section 5.6.2.
bool is_token(char byte) noexcept {
    return is_letter(byte) || is_digit(byte) ||
           (byte != '\0' && bytes("!#$%&'*+-.^_`|~").find(byte) != bytes::npos);
}

bool is_value_byte(char byte) noexcept {
    const auto value = static_cast<std::uint8_t>(byte);
    return byte == '\t' || (value >= ' ' && value != 0x7F);
}

bool is_same_name(std::string_view one, std::string_view other) noexcept {
    return std::ranges::equal(one, other, {}, lower, lower);
}

result<field_names> parse_names(const spec_reader& spec, spec_reader::word field) {
    field_names names;
    if (field.text.size() > field_names::bytes_max) {
        return spec.refuse(field.position,
                           fmt::format("at most {} bytes of names", field_names::bytes_max));
    }
    for (std::size_t at = 0; at <= field.text.size();) {
        const auto end = std::min(field.text.find('|', at), field.text.size());
        const auto name = field.text.substr(at, end - at);
        if (name.empty() || !std::ranges::all_of(name, is_token)) {
            return spec.refuse(field.position + at, "a field's name");
        }
        if (is_same_name(name, transfer_encoding)) {
            return spec.refuse(field.position + at, "a field that holds a length in decimal");
        }
        if (names.size() == field_names::names_max) {
            return spec.refuse(field.position + at,
                               fmt::format("at most {} names", field_names::names_max));
        }
        names.add(name);
        at = end + 1;
    }
    return names;
}

}  // namespace

void field_names::add(std::string_view name) noexcept {
    const auto begin = count_ == 0 ? std::size_t{0} : ends_[count_ - 1];
    name.copy(text_.data() + begin, name.size());
    ends_[count_++] = static_cast<std::uint8_t>(begin + name.size());
}

result<field_rules> field_rules::parse(spec_reader& spec) {
    field_rules rules;
    if (const auto field = spec.take("field")) {
        auto names = parse_names(spec, *field);
        if (!names) return tl::unexpected(names.error());
        rules.names = *names;
    }
    if (const auto eol = spec.take("eol")) {
        if (eol->text == "lf") {
            rules.eol = line_ends::lf;
        } else if (eol->text == "any") {
            rules.eol = line_ends::any;
        } else if (eol->text != "crlf") {
            return spec.refuse(eol->position, "crlf, lf or any");
        }
    }
    if (const auto blanks = spec.take("blanks")) {
        if (blanks->text != "one" && blanks->text != "any") {
            return spec.refuse(blanks->position, "one or any");
        }
        rules.any_blanks = blanks->text == "any";
    }
    if (const auto start = spec.take("start")) {
        if (start->text != "line") return spec.refuse(start->position, "line");
        rules.has_start_line = rules.has_any_names = true;
    }
    if (const auto without = spec.take("missing")) {
        if (without->text == "0") {
            rules.without = missing::is_zero;
        } else if (without->text == "end") {
            rules.without = missing::is_end;
        } else if (without->text != "error") {
            return spec.refuse(without->position, "error, 0 or end");
        }
    }
    rules.is_usual =
        !rules.has_start_line && rules.eol != line_ends::lf && rules.names.name(0) == usual_name;
    return rules;
}

tl::expected<void, errc> field_rules::write(std::uint64_t length, std::string& out) const {
    if (length > decimal_length::value_max) return tl::unexpected(errc::frame_too_large);
    const fmt::format_int text(length);
    if (is_usual) {
        out += usual_field;
    } else {
        out += names.name(0);
        out += ": ";
    }
    out.append(text.data(), text.size());
    out += std::string_view(eol == line_ends::lf ? "\n\n" : "\r\n\r\n");
    return {};
}

std::string field_rules::expectation() const {
    std::string all(names.name(0));
    for (std::size_t at = 1; at < names.size(); ++at) all += fmt::format(" or {}", names.name(at));
    const auto* const count = without == missing::is_error ? "one" : "at most one";
    return fmt::format("{}header fields with {} {}", has_start_line ? "a line and " : "", count,
                       all);
}

bytes field_rules::find_length(bytes header) const noexcept {
    for (auto rest = header; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        auto line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto name = line.substr(0, line.find(':'));
        if (name.size() == line.size()) continue;
        for (std::size_t at = 0; at < names.size(); ++at) {
            if (is_same_name(name, names.name(at))) return line;
        }
    }
    return {};
}

field_layout field_rules::describe() const {
    std::vector<std::string> all;
    for (std::size_t at = 0; at < names.size(); ++at) all.emplace_back(names.name(at));
    return {.names = std::move(all),
            .eol = eol,
            .has_start_line = has_start_line,
            .any_blanks = any_blanks,
            .may_be_missing = without != missing::is_error};
}

void field_lines::reset() noexcept {
    place_ = rules_.has_start_line ? place::start : place::line;
    matched_ = 0;
    is_length_ = found_ = complete_ = false;
    taken_ = 0;
    number_ = {};
}

optional_errc field_lines::take(char byte, std::uint64_t length_max) noexcept {
    const auto error = decide(byte, length_max);
    if (error) {
        wrong_ = byte;
    } else {
        ++taken_;
    }
    return error;
}

optional_errc field_lines::decide(char byte, std::uint64_t length_max) noexcept {
    switch (place_) {
        case place::start: return take_in_start(byte);
        case place::line: return take_at_line(byte);
        case place::name: return take_in_name(byte);
        case place::colon:
            if (byte == ':') return take_colon();
            return is_blank(byte) ? std::nullopt : optional_errc(errc::frame_syntax);
        case place::space: return take_after_colon(byte, length_max);
        case place::number:
        case place::number_end: return take_in_number(byte, length_max);
        case place::value: return take_in_value(byte);
        default: break;
    }
    if (byte != '\n') return errc::frame_syntax;
    complete_ = place_ == place::last_line_feed;
    place_ = place::line;
    return std::nullopt;
}

// Has at least a byte, and begins with none of those that could continue a field.
optional_errc field_lines::take_in_start(char byte) noexcept {
    if (taken_ > 0) return take_in_value(byte);
    return is_value_byte(byte) && byte != ' ' && byte != '\t' ? std::nullopt
                                                              : optional_errc(errc::frame_syntax);
}

optional_errc field_lines::take_at_line(char byte) noexcept {
    if (begins_line_end(byte)) {
        if (!found_ && rules_.without == field_rules::missing::is_error) {
            return errc::frame_length_syntax;
        }
        complete_ = byte == '\n';
        place_ = place::last_line_feed;
        return std::nullopt;
    }
    // The first field, and one after the start line, continue none.
    if (is_blank(byte) && matched_ > 0) {
        if (is_length_) return errc::frame_length_syntax;
        place_ = place::value;
        return std::nullopt;
    }
    const bool begins_name = rules_.has_any_names ? is_token(byte) : is_letter(byte);
    if (!begins_name) return errc::frame_syntax;
    place_ = place::name;
    matched_ = 0;
    alive_ = static_cast<std::uint8_t>((1U << rules_.names.size()) - 1) | transfer_encoding_bit;
    match(byte);
    return std::nullopt;
}

optional_errc field_lines::take_in_name(char byte) noexcept {
    if (byte == ':') return take_colon();
    if (is_blank(byte)) {
        // A length that others do not see: RFC 9112, section 5.1.
        if (names_length() || names_transfer_encoding()) return errc::frame_length_syntax;
        place_ = place::colon;
        return std::nullopt;
    }
    if (!is_token(byte)) return errc::frame_syntax;
    match(byte);
    return std::nullopt;
}

// Two lengths, even equal ones, are how requests are smuggled; Transfer-Encoding is another.
optional_errc field_lines::take_colon() noexcept {
    is_length_ = names_length();
    if ((is_length_ && found_) || names_transfer_encoding()) return errc::frame_length_syntax;
    place_ = place::space;
    return std::nullopt;
}

optional_errc field_lines::take_after_colon(char byte, std::uint64_t length_max) noexcept {
    if (byte == ' ') {
        place_ = is_length_ ? place::number : place::value;
        return std::nullopt;
    }
    const auto refused = is_length_ ? errc::frame_length_syntax : errc::frame_syntax;
    if (!rules_.any_blanks) return refused;
    place_ = is_length_ ? place::number : place::value;
    return decide(byte, length_max);
}

optional_errc field_lines::take_in_number(char byte, std::uint64_t length_max) noexcept {
    const bool has_ended = place_ == place::number_end;
    if (is_digit(byte) && !has_ended) return number_.add(byte, length_max);
    if (is_blank(byte)) {
        if (!number_.empty()) place_ = place::number_end;
        return std::nullopt;
    }
    if (number_.empty() || !begins_line_end(byte)) return errc::frame_length_syntax;
    found_ = true;
    take_line_end(byte);
    return std::nullopt;
}

optional_errc field_lines::take_in_value(char byte) noexcept {
    if (begins_line_end(byte)) {
        take_line_end(byte);
        return std::nullopt;
    }
    return is_value_byte(byte) ? std::nullopt : optional_errc(errc::frame_syntax);
}

bool field_lines::begins_line_end(char byte) const noexcept {
    return byte == '\r' ? rules_.eol != line_ends::lf
                        : byte == '\n' && rules_.eol != line_ends::crlf;
}

void field_lines::take_line_end(char byte) noexcept {
    place_ = byte == '\r' ? place::line_feed : place::line;
}

void field_lines::match(char byte) noexcept {
    const auto keep = [&](std::string_view name, unsigned bit) {
        const bool fits = matched_ < name.size() && lower(name[matched_]) == lower(byte);
        if (!fits) alive_ = static_cast<std::uint8_t>(alive_ & ~bit);
    };
    if (alive_ != 0) {
        for (std::size_t at = 0; at < rules_.names.size(); ++at) {
            keep(rules_.names.name(at), 1U << at);
        }
        keep(transfer_encoding, transfer_encoding_bit);
    }
    // Longer than every name, it is another one.
    if (matched_ < 0xFF) ++matched_;
}

bool field_lines::names_length() const noexcept {
    for (std::size_t at = 0; at < rules_.names.size(); ++at) {
        if ((alive_ >> at & 1U) != 0 && rules_.names.name(at).size() == matched_) return true;
    }
    return false;
}

bool field_lines::names_transfer_encoding() const noexcept {
    return (alive_ & transfer_encoding_bit) != 0 && matched_ == transfer_encoding.size();
}

bool field_lines::is_blank(char byte) const noexcept {
    return rules_.any_blanks && (byte == ' ' || byte == '\t');
}

std::size_t field_lines::wanted() const noexcept {
    const auto end = rules_.eol == line_ends::crlf ? 2U : 1U;
    const bool may_be_missing = rules_.without != field_rules::missing::is_error;
    switch (place_) {
        case place::line:
            if (found_ || may_be_missing) return end;
            return taken_ == 0 && rules_.is_usual && rules_.names.size() == 1 && !rules_.any_blanks
                       ? usual_name.size() + 3 + std::size_t{2} * end
                       : 1;
        case place::line_feed: return 1 + end;
        default: return 1;
    }
}

std::string_view field_lines::fault(bytes beginning) const noexcept {
    if (wrong_ == '\0') return {};  // too many bytes, or a byte that nobody means
    const bool in_text = place_ == place::value || place_ == place::start ||
                         place_ == place::number || place_ == place::number_end ||
                         place_ == place::line;
    if (wrong_ == '\n' && rules_.eol == line_ends::crlf && in_text) {
        return "0x0a ends this line without 0x0d before it: eol=lf or eol=any reads it";
    }
    if (wrong_ == '\r' && rules_.eol == line_ends::lf && in_text) {
        return "0x0d is at the end of this line: eol=crlf or eol=any reads it";
    }
    if (taken_ == 0) {
        const bool is_mark = beginning.starts_with("\xEF\xBB\xBF") ||
                             beginning.starts_with("\xFE\xFF") ||
                             beginning.starts_with("\xFF\xFE");
        return is_mark ? "a byte order mark is before the header" : std::string_view{};
    }
    if (place_ == place::line && begins_line_end(wrong_)) {
        return "the header ends without a length: missing=0 reads it as an empty payload";
    }
    const bool blank = wrong_ == ' ' || wrong_ == '\t';
    switch (place_) {
        case place::space:
            return "one space belongs after the colon: blanks=any reads lines without it";
        case place::number:
            if (!blank) return {};
            return number_.empty() ? "more than one space after the colon: blanks=any reads it"
                                   : "a space after the length: blanks=any reads it";
        case place::name:
            if (wrong_ == ':') {
                return names_transfer_encoding() ? "Transfer-Encoding says another length"
                                                 : "this is the second length";
            }
            return blank && taken_ + 1 < beginning.size() && beginning[taken_ + 1] == ':'
                       ? "a space is before the colon"
                       : std::string_view{};
        default: return {};
    }
}

}  // namespace framewire
