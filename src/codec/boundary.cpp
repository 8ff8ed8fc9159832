#include "framewire/codec/detail/boundary.hpp"

namespace framewire {

boundary::scan boundary::find(bytes input, scan from) const noexcept {
    while (!from.complete && from.scanned < input.size()) {
        if (from.matched == 0) {
            from = find_first(input, from.scanned);
        } else {
            from.matched = advance(from.matched, input[from.scanned++]);
        }
        from.complete = from.complete || from.matched == size_;
    }
    return from;
}

boundary::scan boundary::resume(bytes input, std::size_t matched) const noexcept {
    scan at{.matched = matched};
    while (!at.complete && at.scanned < input.size() && at.matched > at.scanned) {
        at.matched = advance(at.matched, input[at.scanned++]);
        at.complete = at.matched == size_;
    }
    return at;
}

bool boundary::may_follow(std::size_t matched) const noexcept {
    if (is_line_end_) return matched == 0 || sends_cr_;  // a CR would be read as ours
    for (std::size_t index = 0; index + 1 < size_; ++index) {
        matched = advance(matched, mark_[index]);
        if (matched == size_) return false;
    }
    return true;
}

}  // namespace framewire
