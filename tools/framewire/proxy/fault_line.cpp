#include "fault_line.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

using kind = fault::kind;

// How long a message waits for those that are to overtake or to accompany it: they may depend on
// it.
constexpr std::chrono::milliseconds hold_time{200};

}  // namespace

fault_line::fault_line(const live_faults& faults, end_of to, std::uint64_t connection,
                       event_loop& loop, outflow& sends, reporter report)
    : source_(faults),
      to_(to),
      connection_(connection),
      loop_(loop),
      sends_(sends),
      report_(std::move(report)) {
    arm();
}

// They count and draw anew.
void fault_line::arm() {
    set_ = source_.now();
    faults_.clear();
    sends_.throttle(0);
    sends_.limit(outflow::no_limit);
    lingers_ = {};
    for (std::size_t i = 0; i < set_->faults.size(); ++i) {
        const auto& one = set_->faults[i];
        if (one.to && *one.to != to_) continue;
        const bool is_always = one.is_lasting() && !one.has_condition();
        if (is_always) begin(one);
        std::seed_seq from{set_->seed, connection_, static_cast<std::uint64_t>(to_),
                           static_cast<std::uint64_t>(i)};
        faults_.push_back({&one, std::mt19937_64(from), 0, is_always});
    }
}

void fault_line::take(const whole_message& message) {
    if (source_.has_replaced(*set_)) arm();
    ++messages_;
    fate of{.frame = std::string(message.frame)};
    // Found from the end: a header may contain the same digits. A payload that is written in other
    // bytes is not found.
    const auto at = message.frame.rfind(message.payload);
    const bool is_found = at != bytes::npos && !message.payload.empty();
    of.header_bytes = is_found ? at : message.frame.size();
    of.payload_bytes = is_found ? message.payload.size() : 0;
    for (auto& one : faults_) {
        if (strikes(one, message.payload)) apply(one, of);
    }
    const auto released = !held_.empty();
    if (of.overtaken_by > 0) {
        held_.push_back({std::move(of.frame), of.overtaken_by + 1});
        loop_.timers().arm(*this, std::chrono::steady_clock::now() + hold_time);
    } else {
        send(of);
    }
    if (released || !held_.empty()) release_overtaken();
    sends_.run();
}

void fault_line::flush() {
    for (auto& one : held_) sends_.add(outflow::action::send, std::move(one.frame));
    held_.clear();
    sends_.hasten();
    sends_.run();
}

time_point fault_line::on_timer(time_point /*now*/) {
    for (auto& one : held_) sends_.add(outflow::action::send, std::move(one.frame));
    held_.clear();
    sends_.run();
    return time_point::max();
}

// Each fault draws for each message that fits it, so that one more fault changes no other.
bool fault_line::strikes(armed_fault& one, bytes payload) {
    const auto& rule = *one.what;
    if (one.lasts) return false;
    if (rule.when && !rule.when->matches(payload)) return false;
    ++one.matched;
    if (rule.nth > 0 && one.matched != rule.nth) return false;
    if (rule.every > 0 && one.matched % rule.every != 0) return false;
    return std::uniform_real_distribution<>(0, 1)(one.random) < rule.share;
}

void fault_line::apply(armed_fault& one, fate& of) {
    const auto& rule = *one.what;
    const auto report = [&](std::string_view what) { report_(messages_, what); };
    if (rule.is_lasting()) {
        one.lasts = true;
        return report(begin(rule));
    }
    switch (rule.what) {
        case kind::drop: of.copies = 0; return report("dropped");
        case kind::delay: {
            std::uniform_int_distribution<std::int64_t> about(-rule.jitter.count(),
                                                              rule.jitter.count());
            const auto pause = rule.pause.count() + about(one.random);
            of.pause = std::chrono::milliseconds(std::max<std::int64_t>(pause, 0));
            return report("delayed by " + format_duration(of.pause));
        }
        case kind::duplicate: of.copies *= 2; return report("sent twice");
        case kind::reorder:
            of.overtaken_by = rule.count;
            return report(fmt::format("sent after the next {}", rule.count));
        case kind::corrupt_payload: return corrupt(one, of, of.header_bytes, of.payload_bytes);
        case kind::corrupt_length: return corrupt(one, of, 0, of.header_bytes);
        case kind::truncate: {
            const auto kept = rule.count > 0 ? rule.count : of.frame.size() / 2;
            of.frame.resize(std::min<std::uint64_t>(kept, of.frame.size()));
            of.ends_stream = true;
            return report(fmt::format("cut off after {} bytes", of.frame.size()));
        }
        case kind::split: of.split = &rule; return report("sent in parts");
        case kind::coalesce:
            of.is_gathered = true;
            ++gathered_;
            if (gathered_ % rule.count == 0) of.is_gathered = false;
            return report("sent together with others");
        case kind::stall:
            of.then.push_back(outflow::action::stall);
            return report("the last: nothing follows");
        case kind::close:
        case kind::reset: {
            const bool is_reset = rule.what == kind::reset;
            of.then.push_back(is_reset ? outflow::action::reset : outflow::action::close);
            of.last_pause = rule.pause;
            auto words = std::string(is_reset ? "the last: reset" : "the last: closed");
            if (rule.pause.count() > 0) words += " after " + format_duration(rule.pause);
            return report(words);
        }
        default: break;
    }
}

// Returns what to say about it.
std::string fault_line::begin(const fault& lasting) {
    if (lasting.what == kind::throttle) {
        sends_.throttle(lasting.count);
        return fmt::format("from here on {} a second", format_size(lasting.count));
    }
    if (lasting.what == kind::limit) {
        sends_.limit(lasting.count);
        return fmt::format("only {} more, then closed", format_size(lasting.count));
    }
    lingers_ = lasting.pause;
    return fmt::format("the end comes {} later", format_duration(lasting.pause));
}

// One bit, so that it is always another byte.
void fault_line::corrupt(armed_fault& one, fate& of, std::size_t from, std::size_t size) {
    if (size == 0) return;
    const auto at = from + std::uniform_int_distribution<std::size_t>(0, size - 1)(one.random);
    const auto bit = std::uniform_int_distribution<unsigned>(0, 7)(one.random);
    of.frame[at] = static_cast<char>(static_cast<unsigned char>(of.frame[at]) ^ (1U << bit));
    report_(messages_, fmt::format("bit {} of byte {} inverted", bit, at));
}

void fault_line::send(const fate& of) {
    for (std::uint64_t copy = 0; copy < of.copies; ++copy) {
        if (of.split != nullptr) {
            send_parts(of, *of.split);
        } else {
            of.is_gathered&& of.pause < hold_time
                ? sends_.add_held(of.frame, hold_time)
                : sends_.add(outflow::action::send, of.frame, of.pause);
        }
    }
    if (gathered_ > 0 && !of.is_gathered && of.pause.count() == 0) sends_.hasten();
    if (of.ends_stream) sends_.add(outflow::action::end_stream, {});
    for (const auto then : of.then) sends_.add(then, {}, of.last_pause);
}

void fault_line::send_parts(const fate& of, const fault& how) {
    auto pause = of.pause;
    std::size_t at = 0;
    for (std::size_t part = 0; at < of.frame.size(); ++part) {
        auto size = of.frame.size() - at;
        if (how.where == fault::cut::each_byte) size = 1;
        if (how.where == fault::cut::after_header && at < of.header_bytes) size = of.header_bytes;
        if (how.where == fault::cut::sizes && part < how.sizes.size()) {
            size = std::min<std::size_t>(size, how.sizes[part]);
        }
        sends_.add_apart(of.frame.substr(at, size), pause);
        at += size;
        pause += how.pause;
    }
}

void fault_line::release_overtaken() {
    for (auto one = held_.begin(); one != held_.end();) {
        if (--one->left > 0) {
            ++one;
            continue;
        }
        sends_.add(outflow::action::send, std::move(one->frame));
        one = held_.erase(one);
    }
}

}  // namespace framewire
