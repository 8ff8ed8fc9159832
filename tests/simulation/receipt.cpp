#include "receipt.hpp"

#include "simulated_service.hpp"

#include <cstdlib>
#include <string>

namespace framewire::tests {

std::string_view receipt::take(std::string_view data, std::size_t sent) {
    if (is_stream()) {
        if (data != std::string_view(says_.owed).substr(bytes_, data.size())) {
            return "it got other bytes than it is owed";
        }
        bytes_ += data.size();
        const auto* const part = rule_ == rule::streamed ? says_.frame_at(sent) : nullptr;
        const auto most = part != nullptr ? part->owed : says_.owed_after(sent);
        return bytes_ > most ? "it got a reply before it had asked" : "";
    }
    bytes_ += data.size();
    part_ += data;
    while (const auto payload = form_.take(part_)) {
        if (const auto wrong = take_frame(*payload, sent); !wrong.empty()) return wrong;
    }
    return "";
}

// "name number ...", see `relayed_payload`.
std::string_view receipt::take_relayed(const std::string& payload) {
    const auto end = payload.find(' ');
    if (end == std::string::npos) return "it got what nobody has sent";
    const auto name = payload.substr(0, end);
    if (name == says_.name) return "it got what it has sent itself";
    auto& latest = relayed_[name];
    const auto number = std::strtoull(payload.c_str() + end, nullptr, 10);
    if (number <= latest) return "it got messages in another order";
    latest = number;
    return "";
}

std::string_view receipt::take_frame(const std::string& payload, std::size_t sent) {
    if (rule_ == rule::relayed) return take_relayed(payload);
    if (rule_ == rule::pushes && payload.starts_with(push_mark)) {
        const bool next = payload.substr(push_mark.size()) == std::to_string(pushed_++);
        return next ? "" : "a message that was pushed is missing";
    }
    for (auto at = first_open_; at < says_.exchanges.size(); ++at) {
        const auto& one = says_.exchanges[at];
        if (one.sent > sent) return "it got a reply before it had asked";
        if (answered_[at] || !one.reply) continue;
        if (*one.reply == payload) {
            answered_[at] = true;
            return "";
        }
        if (rule_ == rule::pushes) return "it got another reply than it is owed";
    }
    return "it got a reply that it is not owed";
}

std::size_t receipt::answered(std::size_t sent) {
    const auto& all = says_.exchanges;
    for (; first_open_ < all.size() && all[first_open_].sent <= sent; ++first_open_) {
        const auto& one = all[first_open_];
        const bool over = is_stream() ? one.owed <= bytes_ : answered_[first_open_] || !one.reply;
        if (!over) break;
    }
    return first_open_;
}

bool receipt::has_all_after(std::size_t sent) const {
    if (is_stream()) return bytes_ >= says_.owed_after(sent);
    for (std::size_t at = 0; at < says_.exchanges.size(); ++at) {
        const auto& one = says_.exchanges[at];
        if (one.sent > sent) break;
        if (one.reply && !answered_[at]) return false;
    }
    return true;
}

}  // namespace framewire::tests
