#include "expression.hpp"

#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <regex.h>
#include <utility>

namespace framewire {

// glibc locks it while it is used, so it is shared as it is.
struct expression::compiled {
    compiled() = default;
    compiled(const compiled&) = delete;
    compiled& operator=(const compiled&) = delete;
    ~compiled() { ::regfree(&buffer); }

    regex_t buffer{};
};

result<expression> expression::parse(std::string_view text) {
    // Bytes are bytes: unlike POSIX, `.` matches NUL, too.
    constexpr reg_syntax_t syntax = RE_SYNTAX_POSIX_EXTENDED & ~RE_DOT_NOT_NULL;
    const auto made = std::make_shared<compiled>();
    const auto before = ::re_set_syntax(syntax);
    const auto* const error = ::re_compile_pattern(text.data(), text.size(), &made->buffer);
    ::re_set_syntax(before);
    made->buffer.regs_allocated = REGS_FIXED;  // matches are stored where the caller says
    if (error != nullptr) {
        return tl::unexpected(failure{fmt::format("{}: {}", quote(text), error),
                                      "an extended regular expression, as of grep -E"});
    }
    return expression(made);
}

std::optional<expression::match> expression::search(bytes text, std::size_t from) const noexcept {
    match found;
    std::array<regoff_t, std::tuple_size_v<decltype(found.places)>> begins{};
    std::array<regoff_t, begins.size()> ends{};
    begins.fill(-1);
    ends.fill(-1);
    re_registers places{begins.size(), begins.data(), ends.data()};
    const auto size = static_cast<regoff_t>(text.size());
    const auto first = static_cast<regoff_t>(from);
    const auto* const data = text.empty() ? "" : text.data();
    if (first > size) return std::nullopt;
    if (::re_search(&self_->buffer, data, size, first, size - first, &places) < 0) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < begins.size(); ++i) {
        if (begins[i] < 0) continue;
        found.places[i] = {static_cast<std::size_t>(begins[i]), static_cast<std::size_t>(ends[i])};
    }
    return found;
}

}  // namespace framewire
