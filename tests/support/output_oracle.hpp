#pragma once

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace framewire::tests {

/// In which order payloads must reach a peer: a list of places, kept without a thought for speed.
class output_oracle {
public:
    void send(std::string payload) { add({.payload = std::move(payload)}); }
    void push(std::string payload) { sent_.push_back(std::move(payload)); }

    void defer(std::uint64_t slot, bool keeps_place) {
        if (keeps_place)
            add({.slot = slot, .is_done = false});
        else
            loose_.insert(slot);
    }
    void answer(std::uint64_t slot, std::string payload) {
        if (loose_.erase(slot) > 0) {
            late_.push_back(std::move(payload));
        } else {
            close(slot).payload = std::move(payload);
        }
        advance();
    }
    void skip(std::uint64_t slot) {
        if (loose_.erase(slot) == 0) close(slot).is_skipped = true;
        advance();
    }

    void begin() { add({.is_frame = true, .is_done = false}); }
    void end(std::string payload) {
        places_.back().payload = std::move(payload);
        places_.back().is_done = true;
        advance();
    }

    /// The payloads of the frames that are output whole, in order.
    [[nodiscard]] const std::vector<std::string>& sent() const { return sent_; }
    /// Output ends with a part of a frame.
    [[nodiscard]] bool inside_frame() const {
        return !places_.empty() && places_.front().is_frame;
    }
    [[nodiscard]] bool waits_for_slots() const {
        if (!loose_.empty() || !late_.empty()) return true;
        return !places_.empty() && !places_.front().is_frame;
    }

private:
    struct place {
        std::uint64_t slot = 0;
        bool is_frame = false;  // in pieces
        bool is_done = true;
        bool is_skipped = false;
        std::string payload{};
    };

    void add(place one) {
        places_.push_back(std::move(one));
        advance();
    }
    place& close(std::uint64_t slot) {
        std::size_t at = 0;
        while (places_.at(at).slot != slot) ++at;
        places_[at].is_done = true;
        return places_[at];
    }
    void advance() {
        for (; !places_.empty() && places_.front().is_done; places_.pop_front()) {
            if (!places_.front().is_skipped) sent_.push_back(places_.front().payload);
        }
        if (inside_frame()) return;
        sent_.insert(sent_.end(), late_.begin(), late_.end());
        late_.clear();
    }

    std::deque<place> places_;
    std::set<std::uint64_t> loose_;
    std::vector<std::string> late_;  // as completed, behind an open frame
    std::vector<std::string> sent_;
};

}  // namespace framewire::tests
