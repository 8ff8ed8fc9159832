#include "masks.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

// A byte that no text has; that a payload has it makes no difference look equal.
constexpr char mark = '\x1a';

// Bytes are bytes: unlike POSIX, `.` matches NUL, too.
constexpr reg_syntax_t syntax = RE_SYNTAX_POSIX_EXTENDED & ~RE_DOT_NOT_NULL;

template <class Each>
void find_all(regex_t& pattern, bytes payload, Each each) {
    const auto size = static_cast<regoff_t>(payload.size());
    regoff_t at = 0;
    while (at < size) {
        regoff_t begin = 0;
        regoff_t end = 0;
        re_registers found{1, &begin, &end};
        if (::re_search(&pattern, payload.data(), size, at, size - at, &found) < 0) return;
        // An empty match hides nothing.
        if (end > begin) each(static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
        at = end > begin ? end : begin + 1;
    }
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

std::vector<masks::range> masks::matches(bytes payload) const {
    std::vector<range> all;
    for (const auto& one : patterns_) {
        find_all(*one, payload, [&](std::size_t begin, std::size_t end) {
            all.push_back({begin, end});
        });
    }
    std::ranges::sort(all, {}, &range::begin);
    std::vector<range> merged;
    for (const auto& one : all) {
        if (merged.empty() || one.begin >= merged.back().end) {
            merged.push_back(one);
        } else {
            merged.back().end = std::max(merged.back().end, one.end);
        }
    }
    return merged;
}

std::string masks::apply(bytes payload) const {
    std::string out;
    std::size_t at = 0;
    for (const auto& one : matches(payload)) {
        out += payload.substr(at, one.begin - at);
        out += mark;
        at = one.end;
    }
    out += payload.substr(at);
    return out;
}

std::pair<std::size_t, std::size_t> masks::first_difference(bytes expected, bytes received) const {
    const auto ours = matches(expected);
    const auto theirs = matches(received);
    auto our = ours.begin();
    auto their = theirs.begin();
    std::size_t at = 0;
    std::size_t other = 0;
    for (;;) {
        const bool is_ours = our != ours.end() && our->begin == at;
        const bool is_theirs = their != theirs.end() && their->begin == other;
        if (is_ours && is_theirs) {
            at = our++->end;
            other = their++->end;
            continue;
        }
        const bool is_end = at == expected.size() || other == received.size();
        if (is_ours != is_theirs || is_end || expected[at] != received[other]) {
            return {at, other};
        }
        ++at;
        ++other;
    }
}

}  // namespace framewire
