#include "masks.hpp"

#include <fmt/format.h>
#include <array>

namespace framewire {
namespace {

// A byte that no text has; that a payload has it makes no difference look equal.
constexpr char mark = '\x1a';

std::string masked(const regex_t& pattern, bytes payload) {
    std::string out;
    std::size_t at = 0;
    while (at < payload.size()) {
        // With its ends, as a payload may contain NUL.
        std::array<regmatch_t, 1> found{};
        found[0].rm_so = static_cast<regoff_t>(at);
        found[0].rm_eo = static_cast<regoff_t>(payload.size());
        const int flags = REG_STARTEND | (at == 0 ? 0 : REG_NOTBOL);
        if (::regexec(&pattern, payload.data(), 1, found.data(), flags) != 0) break;
        const auto begin = static_cast<std::size_t>(found[0].rm_so);
        const auto end = static_cast<std::size_t>(found[0].rm_eo);
        out += payload.substr(at, begin - at);
        if (end > begin) {
            out += mark;
        } else if (begin < payload.size()) {
            out += payload[begin];  // an empty match hides nothing
        }
        at = end > begin ? end : begin + 1;
    }
    if (at < payload.size()) out += payload.substr(at);
    return out;
}

}  // namespace

result<void> masks::add(const std::string& pattern) {
    auto compiled = std::make_unique<regex_t>();
    const int error = ::regcomp(compiled.get(), pattern.c_str(), REG_EXTENDED);
    if (error != 0) {
        std::array<char, 128> words{};
        ::regerror(error, compiled.get(), words.data(), words.size());
        return tl::unexpected(failure{fmt::format("'{}': {}", pattern, words.data()),
                                      "an extended regular expression, as of grep -E"});
    }
    patterns_.emplace_back(compiled.release(), [](regex_t* one) {
        ::regfree(one);
        delete one;
    });
    return {};
}

std::string masks::apply(bytes payload) const {
    std::string text(payload);
    for (const auto& one : patterns_) text = masked(*one, text);
    return text;
}

}  // namespace framewire
