#include "framewire/transcript/player.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

using kind = transcript_line::kind;

std::string_view without_words(std::string_view text) {
    return text.starts_with("failed ") ? text.substr(0, text.find(':')) : text;
}

action boundary_action(const transcript_line& line) {
    if (way_of(line) == direction::sent) return {};
    switch (line.what) {
        case kind::clock: return {.what = action::kind::wait, .elapsed = line.elapsed};
        case kind::eof: return {.what = action::kind::end};
        case kind::reset: return {.what = action::kind::reset};
        case kind::framing: return {.what = action::kind::use, .frames = line.frames.get()};
        case kind::gap: return {.what = action::kind::gap, .missing = line.missing};
        default: return {};
    }
}

}  // namespace

player::player(const transcript& conversation, play_settings settings)
    : conversation_(conversation), settings_(settings) {
    divide();
}

action player::next() {
    while (!difference_ && at_ < stretches_.size()) {
        const auto& current = stretches_[at_];
        if (!std::exchange(begun_, true) && current.begins_with.what != action::kind::done) {
            return current.begins_with;
        }
        if (sent_ < current.reads.size()) {
            return {.what = action::kind::send, .data = current.reads[sent_++]};
        }
        if (const auto expected = missing()) {
            if (!std::exchange(returned_, true)) return *expected;
            const bool is_event = expected->what == action::kind::expect_event;
            differs(expected->line,
                    is_event ? std::string(expected->data) : print_bytes(expected->data),
                    is_event ? "reported" : "sent", "nothing");
            break;
        }
        ++at_;
        sent_ = 0;
        begun_ = false;
    }
    return {};
}

void player::on_event(std::string_view text) {
    if (difference_ || !settings_.compares_events) return;
    auto* const expected = due(kind::event);
    if (expected == nullptr) return differs(last_line(), "nothing more", "reported", text);
    const auto& line = *expected->line;
    if (!same_event(line.text, text)) return differs(line.number, line.text, "reported", text);
    meet(*expected);
    returned_ = false;
}

void player::on_output(bytes data) {
    if (difference_ || !settings_.compares_output) return;
    while (!data.empty()) {
        auto* const expected = due(kind::to_peer);
        if (expected == nullptr) {
            return differs(last_line(), "nothing more", "sent", print_bytes(data));
        }
        const auto rest = bytes(expected->line->text).substr(expected->size_met);
        const auto size = std::min(rest.size(), data.size());
        if (rest.substr(0, size) != data.substr(0, size)) {
            return differs(expected->line->number, print_bytes(rest), "sent", print_bytes(data));
        }
        data.remove_prefix(size);
        expected->size_met += size;
        if (size == rest.size()) meet(*expected);
        returned_ = false;
    }
}

result<void> player::outcome() const {
    if (difference_) return tl::unexpected(*difference_);
    return {};
}

void player::divide() {
    stretches_.resize(1);
    for (const auto& line : conversation_.lines) {
        if (const auto first = boundary_action(line); first.what != action::kind::done) {
            stretches_.push_back({.begins_with = first});
        } else if (line.what == kind::from_peer) {
            stretches_.back().reads.push_back(line.text);
        } else if (is_compared(line)) {
            stretches_.back().expected.push_back({&line});
        }
    }
    std::size_t offset = 0;
    for (auto& current : stretches_) {
        std::size_t size = 0;
        for (const auto& read : current.reads) size += read.size();
        cut(current, offset);
        offset += size;
    }
}

bool player::is_compared(const transcript_line& line) const {
    if (line.what == kind::event) {
        return settings_.compares_events && line.way == direction::received;
    }
    return line.what == kind::to_peer && settings_.compares_output && !line.text.empty();
}

void player::cut(stretch& current, std::size_t stream_offset) const {
    if (std::holds_alternative<as_written>(settings_.how)) return;
    std::string all;
    for (const auto& read : current.reads) all += read;
    current.reads.clear();
    if (std::holds_alternative<byte_by_byte>(settings_.how)) {
        for (const char byte : all) current.reads.emplace_back(1, byte);
        return;
    }
    const auto* at = std::get_if<cut_at>(&settings_.how);
    const auto border = at != nullptr && at->position > stream_offset
                            ? std::min(at->position - stream_offset, all.size())
                            : all.size();
    if (border > 0) current.reads.push_back(all.substr(0, border));
    if (border < all.size()) current.reads.push_back(all.substr(border));
}

player::expectation* player::due(kind what) {
    if (at_ == stretches_.size()) return nullptr;
    auto& current = stretches_[at_];
    for (auto i = current.first_due; i < current.expected.size(); ++i) {
        if (!current.expected[i].is_met && current.expected[i].line->what == what) {
            return &current.expected[i];
        }
    }
    return nullptr;
}

void player::meet(expectation& expected) {
    expected.is_met = true;
    auto& current = stretches_[at_];
    while (current.first_due < current.expected.size() &&
           current.expected[current.first_due].is_met) {
        ++current.first_due;
    }
}

std::optional<action> player::missing() const {
    const auto& current = stretches_[at_];
    if (current.first_due == current.expected.size()) return std::nullopt;
    const auto& [line, size_met, is_met] = current.expected[current.first_due];
    return action{.what = line->what == kind::event ? action::kind::expect_event
                                                    : action::kind::expect_output,
                  .data = bytes(line->text).substr(size_met),
                  .line = line->number};
}

void player::differs(std::size_t line, std::string_view expected, std::string_view verb,
                     std::string_view found) {
    difference_ = failure{fmt::format("line {}: expected '{}', but the session {} '{}'", line,
                                      expected, verb, found)};
}

// A cut stream may show an error with fewer bytes, so words are compared in one piece only.
bool player::same_event(std::string_view expected, std::string_view text) const {
    if (expected == text) return true;
    const bool has_words = expected.find(": ") != std::string_view::npos;
    const bool words_count = std::holds_alternative<in_one_piece>(settings_.how);
    return without_words(expected) == without_words(text) &&
           !(words_count && has_words && expected.starts_with("failed "));
}

std::size_t player::last_line() const {
    const auto current = std::min(at_, stretches_.size() - 1);
    if (!stretches_[current].expected.empty())
        return stretches_[current].expected.back().line->number;
    return conversation_.lines.empty() ? 0 : conversation_.lines.back().number;
}

result<void> play(player& conversation, play_target& peer) {
    for (auto todo = conversation.next(); todo.what != action::kind::done;
         todo = conversation.next()) {
        if (auto performed = peer.perform(todo, conversation); !performed) return performed;
    }
    return conversation.outcome();
}

}  // namespace framewire
