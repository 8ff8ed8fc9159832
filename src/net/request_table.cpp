#include "request_table.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace framewire {

void request_table::add(request one) {
    deadline_ = std::min(deadline_, one.deadline);
    sent_.push_back({std::move(one), next_number_++});
    if (!by_id_) return;
    const auto added = std::prev(sent_.end());
    try {
        by_id_of_sent_.emplace(added->id, added);
    } catch (...) {
        sent_.erase(added);
        throw;
    }
}

void request_table::add(unsent_request one) {
    deadline_ = std::min(deadline_, one.rest.deadline);
    unsent_.push_back(std::move(one));
}

std::optional<request_table::unsent_request> request_table::take_unsent() {
    if (unsent_.empty()) return std::nullopt;
    auto first = std::move(unsent_.front());
    unsent_.pop_front();
    return first;
}

request_table::match request_table::take(const std::string& id) {
    const auto answered = by_id_ ? oldest_with(id) : sent_.begin();
    if (answered == sent_.end()) return {.what = take_late(id) ? found::late : found::unasked};
    match one{.what = answered->then ? found::reply : found::late,
              .then = std::move(answered->then)};
    if (one.what == found::late) --late_;
    take_out(answered);
    return one;
}

std::vector<reply_callback> request_table::expire(time_point now) {
    std::vector<reply_callback> expired;
    if (now < deadline_) return expired;
    expired.reserve(sent_.size() + unsent_.size());
    deadline_ = time_point::max();
    expire_sent(now, expired);
    expire_unsent(now, expired);
    return expired;
}

// Without an id, a request that is over keeps its place, so that the next one does not get its
// reply.
void request_table::expire_sent(time_point now, std::vector<reply_callback>& expired) {
    for (auto at = sent_.begin(); at != sent_.end();) {
        if (!at->then || now < at->deadline) {
            if (at->then) deadline_ = std::min(deadline_, at->deadline);
            ++at;
            continue;
        }
        if (!by_id_) {
            expired.push_back(std::move(at->then));
            ++late_;
            ++at;
            continue;
        }
        if (late_ids_.size() >= requests_max_) late_ids_.pop_front();
        late_ids_.push_back(at->id);
        expired.push_back(std::move(at->then));
        at = take_out(at);
    }
}

void request_table::expire_unsent(time_point now, std::vector<reply_callback>& expired) {
    std::erase_if(unsent_, [&](unsent_request& one) {
        if (now >= one.rest.deadline) {
            expired.push_back(std::move(one.rest.then));
            return true;
        }
        deadline_ = std::min(deadline_, one.rest.deadline);
        return false;
    });
}

// Without memory for the list, all of them end here.
std::vector<reply_callback> request_table::take_sent() noexcept {
    std::vector<reply_callback> all;
    try {
        all.reserve(sent_.size() + unsent_.size());
        for (auto& one : sent_) {
            if (one.then) all.push_back(std::move(one.then));
        }
    } catch (const std::bad_alloc&) {
        all.clear();
    }
    sent_.clear();
    by_id_of_sent_.clear();
    late_ids_.clear();
    late_ = 0;
    return all;
}

std::vector<reply_callback> request_table::take_all() noexcept {
    const auto room = sent_.size() + unsent_.size();
    auto all = take_sent();
    if (all.capacity() >= room) {
        for (auto& one : unsent_) all.push_back(std::move(one.rest.then));
    }
    unsent_.clear();
    deadline_ = time_point::max();
    return all;
}

// If several requests have the same id, replies come in their order.
request_table::sent_requests::iterator request_table::oldest_with(const std::string& id) {
    const auto [begin, end] = by_id_of_sent_.equal_range(id);
    const auto oldest = std::min_element(begin, end, [](const auto& one, const auto& other) {
        return one.second->number < other.second->number;
    });
    return oldest == end ? sent_.end() : oldest->second;
}

request_table::sent_requests::iterator request_table::take_out(sent_requests::iterator at) {
    const auto [begin, end] = by_id_of_sent_.equal_range(at->id);
    const auto entry =
        std::find_if(begin, end, [at](const auto& one) { return one.second == at; });
    if (entry != end) by_id_of_sent_.erase(entry);
    return sent_.erase(at);
}

bool request_table::take_late(const std::string& id) {
    const auto late = std::ranges::find(late_ids_, id);
    if (late == late_ids_.end()) return false;
    late_ids_.erase(late);
    return true;
}

}  // namespace framewire
