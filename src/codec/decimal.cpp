#include "framewire/codec/decimal.hpp"

#include "announced.ipp"
#include "decimal_digits.hpp"

namespace framewire {

optional_errc decimal_number::add(char byte, std::uint64_t limit) noexcept {
    const bool first = number_.empty();
    if (ended_ > 0 || (!first && byte == terminator.front())) {
        if (byte != terminator[ended_]) return errc::frame_length_syntax;
        ++ended_;
        return std::nullopt;
    }
    if (!is_digit(byte)) {
        const bool nonsense = first && !could_begin_a_number(byte);
        return nonsense ? errc::frame_syntax : errc::frame_length_syntax;
    }
    return number_.add(byte, limit);
}

result<decimal_number> decimal_number::parse(spec_reader& spec) {
    const auto argument = spec.argument();
    // Alone, the others are replaced by what they are.
    if (const auto name = spec.name().text; name != "decimal") {
        return spec.refuse(argument.position, fmt::format("no value after '{}'", name));
    }
    const auto end = spec.unescape(argument, terminator_bytes_max);
    if (!end) return tl::unexpected(end.error());
    if (is_digit(end->front())) {
        return spec.refuse(argument.position,
                           "bytes after the digits, the first of which is none");
    }
    decimal_number parsed{.terminator_size = static_cast<std::uint8_t>(end->size()),
                          .terminator = {}};
    end->copy(parsed.terminator.data(), end->size());
    return parsed;
}

void decimal_number::write(std::uint64_t value, std::string& out) const {
    const fmt::format_int text(value);
    out.append(text.data(), text.size());
    out.append(terminator.data(), terminator_size);
}

std::string decimal_number::expectation() const {
    return fmt::format("a decimal length and {}", quote(terminator_bytes()));
}

std::string_view decimal_number::recognise(const misread& what,
                                           const length_options& options) noexcept {
    return options.before() > 0 ? std::string_view() : recognise_instead_of_digits(what);
}

std::string decimal_number::explain(bytes /*field*/) { return {}; }

length_layout decimal_number::describe() const {
    return {.written = notation::terminated, .terminator = std::string(terminator_bytes())};
}

template class announced_header<decimal_number>;
template struct announced<decimal_number>;
template class prefixed_decoder<announced_header<decimal_number>>;

}  // namespace framewire
