#include "one_way.hpp"

#include <fmt/format.h>
#include <new>
#include <utility>

namespace framewire {

void one_way::take(bytes payload, outbox& from) {
    if (drops_) return;
    waiting_.emplace_back(payload);
    waiting_bytes_ += payload.size();
    if (waiting_bytes_ >= waiting_bytes_max && !std::exchange(is_source_paused_, true)) {
        from.pause();
    }
    flush_soon();
}

void one_way::end(std::string failure) {
    if (std::exchange(has_ended_, true)) return;
    failure_ = std::move(failure);
    flush_soon();
}

// Payloads that come together are passed on together.
void one_way::flush_soon() {
    if (flushes_soon_ || !to_.connected()) return;
    try {
        to_.post([self = shared_from_this()](outbox& to) {
            self->flushes_soon_ = false;
            self->flush(to);
        });
        flushes_soon_ = true;
    } catch (const std::bad_alloc&) {
        to_.end_without_memory();
    }
}

void one_way::flush(outbox& to) {
    while (!waiting_.empty() && !to.full()) {
        waiting_bytes_ -= waiting_.front().size();
        const auto sent = to.reply(waiting_.front());
        waiting_.pop_front();
        if (!sent) return refuse(sent.error());
    }
    if (waiting_bytes_ < waiting_bytes_max / 2) resume_source();
    if (!waiting_.empty() || !has_ended_ || std::exchange(drops_, true)) return;
    if (failure_.empty()) {
        finish_(to);
    } else {
        to.defer(order::as_completed).fail(failure_);
    }
}

// A message would be missing.
void one_way::refuse(errc why) {
    drop();
    from_.post([why](outbox& from) {
        from.defer(order::as_completed)
            .fail(fmt::format("cannot be passed on: {}: {}", error_name(why),
                              make_error_code(why).message()));
    });
}

void one_way::drop() {
    drops_ = true;
    waiting_.clear();
    waiting_bytes_ = 0;
    resume_source();
}

void one_way::resume_source() {
    if (!std::exchange(is_source_paused_, false)) return;
    from_.post([](outbox& from) { from.resume(); });
}

}  // namespace framewire
