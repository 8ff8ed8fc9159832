#include "masks.hpp"

#include <algorithm>
#include <utility>

namespace framewire {
namespace {

// A byte that no text has; that a payload has it makes no difference look equal.
constexpr char mark = '\x1a';

template <class Each>
void find_all(const expression& pattern, bytes payload, Each each) {
    std::size_t at = 0;
    while (const auto found = pattern.search(payload, at)) {
        // An empty match hides nothing.
        if (found->end() > found->begin()) each(found->begin(), found->end());
        at = std::max(found->end(), found->begin() + 1);
    }
}

}  // namespace

result<void> masks::add(const std::string& pattern) {
    return expression::parse(pattern).map(
        [this](expression parsed) { patterns_.push_back(std::move(parsed)); });
}

std::vector<masks::range> masks::matches(bytes payload) const {
    std::vector<range> all;
    for (const auto& one : patterns_) {
        find_all(one, payload, [&](std::size_t begin, std::size_t end) {
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
