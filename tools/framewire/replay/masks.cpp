#include "masks.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {
namespace {

// A byte that no text has; that a payload has it makes no difference look equal.
constexpr char mark = '\x1a';

// Bytes are bytes: unlike POSIX, `.` matches NUL, too.
constexpr reg_syntax_t syntax = RE_SYNTAX_POSIX_EXTENDED & ~RE_DOT_NOT_NULL;

std::string masked(regex_t& pattern, bytes payload) {
    std::string out;
    const auto size = static_cast<regoff_t>(payload.size());
    regoff_t at = 0;
    while (at < size) {
        regoff_t begin = 0;
        regoff_t end = 0;
        re_registers found{1, &begin, &end};
        if (::re_search(&pattern, payload.data(), size, at, size - at, &found) < 0) break;
        out += payload.substr(static_cast<std::size_t>(at), static_cast<std::size_t>(begin - at));
        if (end > begin) {
            out += mark;
        } else if (begin < size) {
            out += payload[static_cast<std::size_t>(begin)];  // an empty match hides nothing
        }
        at = end > begin ? end : begin + 1;
    }
    if (at < size) out += payload.substr(static_cast<std::size_t>(at));
    return out;
}

}  // namespace

result<void> masks::add(const std::string& pattern) {
    std::shared_ptr<regex_t> compiled(new regex_t{}, [](regex_t* one) {
        ::regfree(one);
        delete one;
    });
    const auto before = ::re_set_syntax(syntax);
    const auto* const error = ::re_compile_pattern(pattern.data(), pattern.size(), compiled.get());
    ::re_set_syntax(before);
    compiled->regs_allocated = REGS_FIXED;  // matches are stored where the caller says
    if (error != nullptr) {
        return tl::unexpected(failure{fmt::format("'{}': {}", pattern, error),
                                      "an extended regular expression, as of grep -E"});
    }
    patterns_.push_back(std::move(compiled));
    return {};
}

std::string masks::apply(bytes payload) const {
    std::string text(payload);
    for (const auto& one : patterns_) text = masked(*one, text);
    return text;
}

}  // namespace framewire
