// How the framings of a session change.

#include "framewire/session/session.hpp"

#include <utility>

namespace framewire {

session_rules::session_rules(const framing& received, const limits& most, bool reads_on)
    : session_rules(received, received.replies(), most, reads_on) {}

session_rules::session_rules(const framing& received, const framing& sent, const limits& most,
                             bool reads_on)
    : frames(received),
      sends(sent),
      bounds(most),
      reads_while_full(reads_on),
      are_alike(received.is_symmetric() && received.spec() == sent.spec()) {}

framing_changes& session::changes() {
    if (!changes_) changes_ = std::make_unique<framing_changes>();
    return *changes_;
}

// What is noted for every message follows from what has changed.
void session::settle() noexcept {
    if (changes_ && !changes_->of_input() && !changes_->of_output()) changes_.reset();
    changes_input_ = changes_ && changes_->of_input();
    is_plain_ = !lost_ && !changes_ && rules_->are_alike;
}

void session::begin_framings() {
    if (rules_->sends.first() != nullptr) changes().sends_first = true;
    begin_input(rules_->frames);
    settle();
}

void session::start_decoder(const framing& frames) {
    const auto offset = decoder_.offset();
    decoder_ = make_decoder(frames);
    decoder_.start_at(offset);
}

void session::begin_input(const framing& frames) {
    const auto* const first = frames.first();
    if (first != nullptr) {
        changes().decodes_first = true;
        changes_->has_first = false;
    }
    start_decoder(first != nullptr ? *first : frames);
    is_canonical_ = frames.is_canonical();
}

void session::start_at(std::uint64_t offset) {
    if (changes_ && changes_->decodes_first) {
        changes_->decodes_first = false;
        start_decoder(rules_->frames);
        settle();
    }
    decoder_.start_at(offset);
}

void session::use(const framing& frames, direction which) {
    latest_frame_ = {};
    if (which != direction::sent) changes().next = frames;
    if (which != direction::received) {
        const auto& sent = which == direction::both ? frames.replies() : frames;
        if (slots_ && slots_->last() != 0) {
            changes().before.push_back({slots_->last(), rules_->sends});
        }
        if (writes_ && !(changes_ && changes_->open)) changes().open = rules_->sends;
        rules_ = std::make_shared<const session_rules>(rules_->frames, sent, rules_->bounds,
                                                       rules_->reads_while_full);
        if (changes_ || sent.first() != nullptr) changes().sends_first = sent.first() != nullptr;
    }
    settle();
}

framing session::frames_from_here() const {
    const auto& received = changes_ && changes_->next ? *changes_->next : rules_->frames;
    const auto& sent = rules_->sends;
    const bool is_reply = received.replies().spec() == sent.spec();
    return is_reply ? received : received.with_reply(sent);
}

// False if the next frame is not of the framing that those after it will have. Not done as soon as
// the frame before has ended: its payload may be in the decoder.
bool session::input_is_settled() {
    if (inside_frame()) return false;
    if (changes_->next) {
        take_next();
    } else if (changes_->has_first) {
        changes_->decodes_first = false;
        start_decoder(rules_->frames);
    }
    settle();
    return !changes_input_;
}

void session::take_next() {
    const auto was_raw = rules_->frames.is_raw();
    const auto next = *std::exchange(changes_->next, {});
    rules_ = std::make_shared<const session_rules>(next, rules_->sends, rules_->bounds,
                                                   rules_->reads_while_full);
    changes_->decodes_first = false;
    begin_input(rules_->frames);
    if (next.is_raw() == was_raw) return;
    const auto most = rules_->bounds.tiny_frames_per_second_max;
    budget_ = frame_budget(was_raw ? most : 0, now_);
}

// As `next`, for a frame after which the framing may change.
std::optional<event> session::next_changing() {
    while (may_decode()) {
        const auto found = decoder_.next(input_);
        if (found.what == step::need_more) break;
        const bool is_whole = found.what == step::piece && found.piece.whole();
        if (is_whole || found.what == step::skipped || found.piece.last) {
            changes_->has_first = true;
        }
        if (!is_whole) {
            if (auto happened = event_for(found)) return happened;
            continue;
        }
        latest_payload_ = found.piece.payload.data();
        latest_size_ = found.piece.payload.size();
        latest_frame_ = {};
        budget_.spend(latest_size_);
        return event{event::kind::frame, found.piece, decoder_.frame_offset()};
    }
    return rest();
}

// Of what is queued last.
const framing& session::receives_now() const noexcept {
    const auto* const first =
        changes_ && changes_->decodes_first ? rules_->frames.first() : nullptr;
    return first != nullptr ? *first : rules_->frames;
}

const framing& session::sends_next() const noexcept {
    return changes_ && changes_->sends_first ? *rules_->sends.first() : rules_->sends;
}

const framing& session::sends_in_place_of(std::uint64_t slot) const noexcept {
    if (changes_) {
        for (const auto& one : changes_->before) {
            if (slot <= one.slot) return one.frames;
        }
    }
    return rules_->sends;
}

// Of what waits for no deferred reply.
const framing& session::sends_now() const noexcept {
    const bool is_earlier = changes_ && !changes_->before.empty();
    return is_earlier ? changes_->before.front().frames : sends_next();
}

void session::queued_one() noexcept {
    changes_->sends_first = false;
    settle();
}

// A frame that waited for nothing was queued.
void session::overtook() noexcept {
    auto& before = changes_->before;
    if (before.empty()) return queued_one();
    if (before.front().is_first) before.pop_front();
    settle();
}

// Of slots that wait for nothing any more.
void session::drop_earlier() noexcept {
    auto& before = changes_->before;
    while (!before.empty() && (!slots_ || slots_->after(before.front().slot) == nullptr)) {
        before.pop_front();
    }
    settle();
}

tl::expected<void, errc> session::frame_to_push(bytes payload, std::string& to) {
    auto made = sends_now().encode(payload, to);
    if (made && changes_) overtook();
    return made;
}

}  // namespace framewire
