#pragma once

#include "framewire/session/session.hpp"

#include <concepts>
#include <cstdint>
#include <optional>

namespace framewire {

// In place of a function that takes runs.
struct no_runs {
    run_outcome operator()(const payload_run& /*run*/) const noexcept { return {}; }
};

template <std::predicate<const piece&, std::uint64_t> Take>
std::optional<event> session::next(Take take) {
    return next(no_runs{}, take);
}

// Every byte passes through this loop: the decoder is chosen once for all frames of the input, and
// what holds for a run is settled once for all its frames. A frame that is alone in its read is
// not worth a run, so the first one is passed on by itself.
template <run_taker TakeRun, std::predicate<const piece&, std::uint64_t> Take>
std::optional<event> session::next(TakeRun take_run, Take take) {
    if (over_ || has_failed_) return rest();
    if (delivered_) drop_assembly();
    if (changes_input_ && !input_is_settled()) return next_changing();
    bool continues = true;
    const auto take_frames = [&]<class Decoder>(Decoder& decoder) -> decoded {
        do {
            const auto* const start = input_.data();
            const auto found = decoder.next(input_);
            if (found.what != step::piece || !found.piece.whole()) return found;
            const auto size = static_cast<std::size_t>(decoder.offset() - decoder.frame_offset());
            latest_payload_ = found.piece.payload.data();
            latest_size_ = found.piece.payload.size();
            const bool is_here = held_.empty() && start + size == input_.data();
            latest_frame_ = is_here && is_canonical(decoder, size) ? bytes(start, size) : bytes();
            budget_.spend(found.piece.payload.size());
            continues = take(found.piece, decoder.frame_offset());
            if (!continues || input_.empty()) return {};
            if constexpr (run_decoder<Decoder> && !std::same_as<TakeRun, no_runs>) {
                while (may_decode() && pass_run(decoder, take_run, take, continues)) {
                    if (!continues || input_.empty()) return {};
                }
            }
        } while (may_decode());
        return {};
    };
    while (may_decode()) {
        const auto found = decoder_.visit(take_frames);
        if (!continues) return std::nullopt;
        if (found.what == step::need_more) break;
        if (auto event = event_for(found)) return event;
    }
    return rest();
}

// True if the latest frame, of this size, is the one that would be sent for its payload.
template <class Decoder>
bool session::is_canonical(const Decoder& decoder, std::size_t frame_bytes) const noexcept {
    if constexpr (requires { decoder.canonical_edges(); }) {
        return frame_bytes - latest_size_ == decoder.canonical_edges();
    }
    return is_canonical_;
}

// False if no whole frame is found at once. Not inlined, as a frame that is alone would save and
// restore the registers that this uses.
template <class Decoder, class TakeRun, class Take>
[[gnu::noinline]] bool session::pass_run(Decoder& decoder, TakeRun& take_run, Take& take,
                                         bool& continues) {
    frame_run run;
    decoder.find_run(input_,
                     {.frames = budget_.most(frame_run::frames_max),
                      .bytes = rules_->bounds.queued_bytes_max - output().size()},
                     run);
    if (run.empty()) return false;
    const auto payloads = run.payloads(decoder.offset());
    run_ = &run;
    run_begins_ = payloads.begins();
    // A copy: what is known of the other need not be read again after every call.
    const auto passed = payloads;
    const run_outcome outcome = can_lend() || defers_runs_ ? take_run(passed) : run_outcome{};
    run_ = nullptr;
    run_ahead_ = 0;
    continues = outcome.continues;
    const bool is_here = held_.empty();
    if (outcome.taken > 0) {
        const auto last = outcome.taken - 1;
        latest_payload_ = payloads.payload(last).data();
        latest_size_ = payloads.payload(last).size();
        latest_frame_ = is_here && run.is_canonical(last) ? payloads.frame(last) : bytes();
    }
    if (outcome.taken == run.size()) {
        decoder.take(input_, run, 0, run.size());
        budget_.spend_tiny(run.tiny());
        return true;
    }
    if (outcome.taken > 0) decoder.take(input_, run, 0, outcome.taken);
    for (std::size_t at = 0; at < outcome.taken; ++at) budget_.spend(payloads.payload(at).size());
    for (auto at = outcome.taken; at < run.size() && continues && !queue_full(); ++at) {
        const auto one = payloads[at];
        latest_payload_ = one.payload.data();
        latest_size_ = one.payload.size();
        latest_frame_ = is_here && run.is_canonical(at) ? payloads.frame(at) : bytes();
        decoder.take(input_, run, at, 1);
        budget_.spend(one.payload.size());
        continues = take(one, decoder.frame_offset());
    }
    return true;
}

// Adjacent frames are lent together.
inline bool session::lend_frame() noexcept {
    if (lent_.data() + lent_.size() != latest_frame_.data()) return begin_lending();
    lent_ = {lent_.data(), lent_.size() + latest_frame_.size()};
    return true;
}

}  // namespace framewire
