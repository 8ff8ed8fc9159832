#include "framewire/codec/detail/boundary.hpp"

#include <cassert>

namespace framewire {

boundary::boundary(bytes mark) noexcept : size_(static_cast<std::uint8_t>(mark.size())) {
    assert(!mark.empty() && mark.size() <= bytes_max);
    mark.copy(mark_.data(), mark.size());
    for (std::size_t matched = 1; matched < mark.size(); ++matched) {
        fallback_[matched + 1] =
            static_cast<std::uint8_t>(advance(fallback_[matched], mark[matched]));
    }
}

boundary boundary::line_end() noexcept {
    boundary made("\r\n");
    made.is_line_end_ = true;
    return made;
}

std::size_t boundary::advance(std::size_t matched, char byte) const noexcept {
    while (matched > 0 && byte != mark_[matched]) matched = fallback_[matched];
    return byte == mark_[matched] ? matched + 1 : 0;
}

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
    if (is_line_end_) return matched == 0;  // a CR would be read as ours
    for (std::size_t index = 0; index + 1 < size_; ++index) {
        matched = advance(matched, mark_[index]);
        if (matched == size_) return false;
    }
    return true;
}

}  // namespace framewire
