// Cases of lengths that are no lengths.

#include "spoiled.hpp"
#include "steps.hpp"

#include <fmt/format.h>
#include <array>
#include <initializer_list>
#include <utility>

namespace framewire {
namespace {

// A way to write a length: what is special about it, what precedes the padding, and the digits.
struct writing {
    std::string_view what;
    std::string sign;
    std::string digits;
};

void add_writings(const check_subject& subject, const length_text& length,
                  std::initializer_list<writing> all, check_case& into) {
    std::vector<spoiled_frame> frames;
    for (const auto& one : all) {
        if (auto frame = length.with(one.sign, one.digits)) {
            frames.push_back({std::string(one.what), *std::move(frame)});
        }
    }
    add_spoiled(subject, frames, into);
}

void make_plus(const check_subject& subject, check_case& into) {
    const auto length = length_text::find(subject);
    if (!length) return;
    add_writings(subject, *length, {{"a plus sign", "+", length->digits()}}, into);
}

void make_minus(const check_subject& subject, check_case& into) {
    const auto length = length_text::find(subject);
    if (!length) return;
    add_writings(subject, *length,
                 {{"a minus sign", "-", length->digits()},
                  {"minus one", "-", "1"},
                  {"minus zero", "-", "0"}},
                 into);
}

void make_space(const check_subject& subject, check_case& into) {
    const auto length = length_text::find(subject);
    if (!length) return;
    const auto& digits = length->digits();
    if (!length->is_fixed()) {
        return add_writings(subject, *length,
                            {{"a space before the length", " ", digits},
                             {"a space after the length", digits, " "},
                             {"a tab before the length", "\t", digits},
                             {"a line end before the length", "\n", digits}},
                            into);
    }
    const auto text = [&](std::string_view before, std::string_view after) {
        std::string all(before);
        all += digits;
        all += after;
        return all;
    };
    const auto width = length->width();
    std::vector<spoiled_frame> frames;
    const auto add = [&](std::string_view what, std::string all, bool pads_after) {
        if (all.size() > width) return;
        const std::string filling(width - all.size(), ' ');
        frames.push_back(
            {std::string(what), length->with_exactly(pads_after ? all + filling : filling + all)});
    };
    add("padded with spaces on the left", text("", ""), false);
    add("padded with spaces on the right", text("", ""), true);
    add("a space before the length, and spaces after it", text(" ", ""), true);
    add("a line end after the length, and spaces", text("", "\n"), true);
    add("a tab after the length, and spaces", text("", "\t"), true);
    add_spoiled(subject, frames, into);
}

void make_other_notation(const check_subject& subject, check_case& into) {
    const auto length = length_text::find(subject);
    if (!length) return;
    const auto& digits = length->digits();
    add_writings(subject, *length,
                 {{"hexadecimal", "0x", digits},
                  {"a decimal point", "", digits + ".0"},
                  {"an exponent", "", digits + "e0"},
                  {"a unit after it", "", digits + "B"},
                  {"a letter before it", "x", digits},
                  {"no digit at all", "xyz", ""}},
                 into);
}

void make_underscore(const check_subject& subject, check_case& into) {
    const auto length = length_text::find(subject);
    if (!length) return;
    add_writings(subject, *length, {{"an underscore between digits", "", "0_" + length->digits()}},
                 into);
}

void make_foreign_digits(const check_subject& subject, check_case& into) {
    const auto length = length_text::find(subject);
    if (!length) return;
    add_writings(subject, *length,
                 {{"an Arabic-Indic five (U+0665)", "", "\xd9\xa5"},
                  {"a fullwidth five (U+FF15)", "", "\xef\xbc\x95"},
                  {"a superscript two (U+00B2)", "", "\xc2\xb2"}},
                 into);
}

void make_empty(const check_subject& subject, check_case& into) {
    const auto length = length_text::find(subject);
    if (!length) return;
    const auto size = length->is_fixed() ? length->width() : 0;
    add_spoiled(subject,
                {{"only spaces", length->with_exactly(std::string(size, ' '))},
                 {"only zero bytes", length->with_exactly(std::string(size, '\0'))}},
                into);
}

void make_zero_bytes(const check_subject& subject, check_case& into) {
    const auto length = length_text::find(subject);
    if (!length) return;
    const auto& digits = length->digits();
    add_writings(subject, *length,
                 {{"a zero byte before the length", std::string(1, '\0'), digits},
                  {"a zero byte after the length", "", digits + std::string(1, '\0')}},
                 into);
}

void make_leading_zeros(const check_subject& subject, check_case& into) {
    const auto length = length_text::find(subject);
    if (!length || length->is_fixed()) return;
    add_writings(subject, *length,
                 {{"a leading zero", "0", length->digits()}, {"two zeros", "", "00"}}, into);
}

void make_too_many_digits(const check_subject& subject, check_case& into) {
    const auto length = length_text::find(subject);
    if (!length) return;
    std::vector<spoiled_frame> frames;
    // Those that 32 and 64 bits turn into a small number.
    for (const std::string_view digits :
         {"4294967301", "18446744073709551621", "340282366920938463463374607431768211461"}) {
        if (auto frame = length->with("", digits)) {
            frames.push_back({fmt::format("the length {}", digits), *std::move(frame)});
        }
    }
    const std::string nines(length->is_fixed() ? length->width() : 60, '9');
    frames.push_back({fmt::format("{} nines", nines.size()), length->with_exactly(nines)});
    add_spoiled(subject, frames, into);
}

void make_no_end(const check_subject& subject, check_case& into) {
    const auto length = length_text::find(subject);
    if (!length || length->is_fixed()) return;
    const auto layout = subject.frames.describe();
    if (layout.length->written != notation::terminated) return;
    const auto& digits = length->digits();
    const auto rest = length->after().substr(layout.length->terminator.size());
    add_spoiled(subject,
                {{"another byte after the length", length->before() + digits + ";" + rest},
                 {"digits without an end", length->before() + std::string(5000, '1')}},
                into);
}

// Of header fields.
void make_fields(const check_subject& subject, check_case& into) {
    const auto layout = subject.frames.describe();
    if (!layout.length || layout.length->written != notation::fields) return;
    const auto length = length_text::find(subject);
    if (!length) return;
    const auto& name = layout.length->fields.names.front();
    const auto& digits = length->digits();
    const std::string eol = length->after().starts_with("\r\n") ? "\r\n" : "\n";
    add_spoiled(
        subject,
        {{"two different lengths", length->with_exactly(digits + eol + name + ": 1" + digits)},
         {"the same length twice", length->with_exactly(digits + eol + name + ": " + digits)},
         {"two lengths in one field", length->with_exactly(digits + ", " + digits)},
         {"a header without the field", "Other: " + digits + length->after()},
         {"a space before the colon", name + " : " + digits + length->after()},
         {"a folded line", length->with_exactly(eol + " " + digits)}},
        into);
}

void make_binary(const check_subject& subject, check_case& into) {
    const auto length = length_integer::find(subject);
    if (!length) return;
    const std::string ones(length->width(), '\xff');
    auto sign = std::string(length->width(), '\0');
    sign.front() = '\x80';
    add_spoiled(subject,
                {{"all bits set, which is -1 if read as signed", length->with(ones)},
                 {"the highest bit set, which is negative if read as signed", length->with(sign)}},
                into);
}

void make_below_header(const check_subject& subject, check_case& into) {
    const auto length = length_integer::find(subject);
    if (!length || subject.frames.describe().length->adjust >= 0) return;
    const auto adjust = static_cast<std::uint64_t>(-subject.frames.describe().length->adjust);
    add_spoiled(subject,
                {{"a length of 0, which should include the header", length->with(0)},
                 {"a length that is one less than that of the header", length->with(adjust - 1)}},
                into);
}

void make_varint(const check_subject& subject, check_case& into) {
    const auto layout = subject.frames.describe();
    if (!layout.length || layout.length->written != notation::varint) return;
    const auto frame = subject.frame_of(subject.payloads.front());
    const auto before = frame.substr(0, layout.length->offset);
    const auto rest = frame.substr(layout.length->offset + 1);
    auto longer = std::string(1, static_cast<char>(frame[layout.length->offset] | '\x80'));
    const std::string many(layout.length->width, '\x80');
    const std::string ones(layout.length->width - 1, '\xff');
    add_spoiled(subject,
                {{"a length in more bytes than it needs", before + longer + '\0' + rest},
                 {"more bytes than the largest length has", before + many + "\x01" + rest},
                 {"a length of more than 64 bits", before + ones + "\x7f" + rest}},
                into);
}

void make_bcd(const check_subject& subject, check_case& into) {
    const auto layout = subject.frames.describe();
    if (!layout.length || layout.length->written != notation::bcd) return;
    // Who counts it as ten finds a whole message.
    const bytes ten = "0123456789";
    auto frame = subject.frame_of(subject.carries(ten) ? ten : bytes(subject.payloads.front()));
    frame[layout.length->offset + layout.length->width - 1] = '\x0a';
    add_spoiled(subject, {{"a digit above 9", frame}}, into);
}

constexpr std::string_view strict =
    "Accept digits only, and nothing else: the functions that turn text into numbers (int(), "
    "atoi(), strtol(), Integer.parseInt()) accept signs, spaces and more. Close the connection at "
    "anything else.";
constexpr std::string_view bounded =
    "Compare the length with the largest that you accept before you allocate or read anything, in "
    "a type that cannot overflow. Close the connection if it is larger.";
constexpr std::string_view one_form =
    "Accept one way to write each length: two readers that differ about it see different messages "
    "in the same bytes. Close the connection at anything else.";

constexpr auto length_rows = std::to_array<check_row>({
    {301, "length.plus", check_level::must, "A length has no plus sign.", "docs/faults.md, 1",
     strict, make_plus, checked_end::both},
    {302, "length.minus", check_level::must, "A length has no minus sign.", "docs/faults.md, 2",
     strict, make_minus, checked_end::both},
    {303, "length.space", check_level::must,
     "A length has no white space but the padding of its framing.", "docs/faults.md, 3", strict,
     make_space, checked_end::both},
    {304, "length.underscore", check_level::must, "A length has no underscore.",
     "docs/faults.md, 4", strict, make_underscore, checked_end::both},
    {305, "length.notation", check_level::must,
     "A length is written in the digits of its framing.", "docs/faults.md, 5 and 11", strict,
     make_other_notation, checked_end::both},
    {306, "length.script", check_level::must, "Digits of other scripts are no digits.",
     "docs/faults.md, 6", strict, make_foreign_digits, checked_end::both},
    {307, "length.empty", check_level::must, "A length has at least one digit.",
     "docs/faults.md, 7", strict, make_empty, checked_end::both},
    {308, "length.leading-zero", check_level::must,
     "A length without a fixed width has no leading zero.",
     "netstrings (D. J. Bernstein, 1997); RFC 6587, 3.4.1; docs/faults.md, 8", one_form,
     make_leading_zeros, checked_end::both},
    {309, "length.overflow", check_level::must,
     "A length that is too large for an integer is too large.", "docs/faults.md, 9 and 10",
     bounded, make_too_many_digits, checked_end::both},
    {310, "length.zero-byte", check_level::must, "A length has no zero byte.",
     "docs/faults.md, 12", strict, make_zero_bytes, checked_end::both},
    {311, "length.end", check_level::must, "What ends a length is there, and soon.",
     "docs/faults.md, 10 and 11", bounded, make_no_end, checked_end::both},
    {312, "length.fields", check_level::must,
     "A header has one field with the length, in one form.",
     "RFC 9112, 5.1, 5.2 and 6.3; docs/faults.md, 7, 12 and 13", one_form, make_fields,
     checked_end::both},
    {313, "length.negative", check_level::must, "A length in binary is not negative.",
     "docs/faults.md, 26",
     "Read the length into an unsigned integer, and compare it with the largest that you accept "
     "before you allocate or read anything.",
     make_binary, checked_end::both},
    {314, "length.below-header", check_level::must,
     "A length that includes the header is not less than the header's.", "docs/faults.md, 26",
     "Check that the length is at least that of the header before you subtract it: the difference "
     "of unsigned integers would be huge.",
     make_below_header, checked_end::both},
    {315, "length.varint", check_level::must, "A varint is as short as possible, and has an end.",
     "docs/faults.md, 27", one_form, make_varint, checked_end::both},
    {316, "length.bcd", check_level::must, "A decimal digit in four bits is at most 9.",
     "docs/faults.md, 5", strict, make_bcd, checked_end::both},
});

}  // namespace

std::span<const check_row> rows_of_lengths() noexcept { return length_rows; }

}  // namespace framewire
