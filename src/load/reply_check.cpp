#include "reply_check.hpp"

#include <algorithm>

namespace framewire {

reply_check::checked_reply reply_check::check(bytes reply) {
    if (work_->has_numbers()) {
        if (next_ < sent_) {
            const auto later = work_->find(reply, base_ + next_ + 1, base_ + sent_);
            if (later) return pass_over(*later - base_);
        }
        const auto found = std::ranges::find_if(late_, [&](const late_message& one) {
            return work_->matches(reply, number_text(base_ + one.number));
        });
        if (found != late_.end()) {
            const auto one = *found;
            late_.erase(found);
            return {.what = verdict::out_of_order, .number = one.number, .sent_at = one.sent_at};
        }
        const auto back = base_ + next_ - std::min(next_, remembered);
        if (const auto again = work_->find(reply, back, base_ + next_)) {
            return {.what = verdict::unexpected, .number = *again - base_};
        }
    }
    if (next_ == sent_) return {.what = verdict::unexpected, .number = next_};
    const auto number = next_;
    go_to(number + 1);
    settle([](auto...) {});
    return {.what = verdict::mismatched, .number = number};
}

reply_check::checked_reply reply_check::pass_over(std::uint64_t number) {
    times_.take_before(number, [&](std::uint64_t first, std::uint64_t count, time_point sent_at) {
        for (auto i = first; i < first + count; ++i) late_.push_back({i, sent_at});
    });
    const auto surplus = late_.size() - std::min(late_.size(), late_max);
    late_.erase(late_.begin(), late_.begin() + static_cast<std::ptrdiff_t>(surplus));
    go_to(number + 1);
    return {.what = verdict::right, .number = number, .missing = surplus};
}

std::uint64_t reply_check::expire(time_point limit) {
    return std::erase_if(late_, [&](const late_message& one) { return one.sent_at <= limit; });
}

std::uint64_t reply_check::give_up() {
    const auto count = waiting() + late_.size();
    go_to(sent_);
    settle([](auto...) {});
    late_.clear();
    return count;
}

}  // namespace framewire
