#include "framewire/codec/detail/frame_progress.hpp"

#include "framewire/codec/detail/diagnosis.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {

decoded frame_progress::take_step(bytes& input, const reading_step& found, bytes end) {
    const auto seen = input;
    const auto begin = offset_;
    const auto begins_at = next_frame();
    take(input, found.taken);
    if (found.what == reading_step::kind::fill) {
        opening_ = found.opening;
        return {};
    }
    if (!inside()) begin_frame(begins_at);
    opening_ = 0;
    const bool last = found.what == reading_step::kind::end;
    if (!last) sample_.keep(seen.substr(0, found.taken));
    const auto before = payload_bytes_;
    if (admit(found.data.size())) return deliver(found.data, last);
    sample_.keep(last ? seen : seen.substr(found.taken));
    // The first excess byte, however much of the stream has arrived.
    offset_ = begin;
    const bool in_sight =
        found.data.data() >= seen.data() && found.data.data() <= seen.data() + seen.size();
    if (in_sight) {
        offset_ += static_cast<std::size_t>(found.data.data() - seen.data()) +
                   (limit_.payload_bytes_max - before);
    }
    return fail_endless(end);
}

bytes frame_progress::begin_failure(bytes input) {
    if (!inside()) {
        frame_offset_ = next_frame();
        sample_.reset();
    }
    sample_.keep(input);
    return sample_.view();
}

decoded frame_progress::fail_step(errc code, complaint why) {
    if (why.guess.empty()) why.guess = looks_like_protocol(sample_.view());
    if (!why.guess.empty()) why.words += fmt::format("; {}", why.guess);
    return fail(code, offset_, std::move(why.words));
}

}  // namespace framewire
