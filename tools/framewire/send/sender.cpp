#include "sender.hpp"
#include "cli/explain.hpp"

#include <string>
#include <utility>

namespace framewire {

sender::sender(event_loop& loop, const framing& frames, const client_wording& wording,
               message_source next, progress& shown, std::function<void()> when_ready)
    : loop_(loop),
      frames_(frames),
      wording_(wording),
      next_(std::move(next)),
      progress_(shown),
      when_ready_(std::move(when_ready)) {}

sender::outlook sender::look_ahead() {
    if (inside_ || ahead_) return outlook::some;
    auto next = next_();
    if (!next) {
        ahead_.emplace(tl::unexpected(next.error()));
        return outlook::some;
    }
    if (std::holds_alternative<no_more_messages>(*next)) return outlook::none;
    if (const auto* later = std::get_if<message_later>(&*next)) {
        wait_for(later->descriptor);
        return outlook::unknown;
    }
    ahead_.emplace(std::move(std::get<message>(*next)));
    return outlook::some;
}

result<sender::step> sender::advance(outbox& to) {
    if (!inside_) {
        auto next = std::move(*ahead_);
        ahead_.reset();
        if (!next) return tl::unexpected(next.error());
        message_ = std::move(*next);
        if (const auto begun = begin(to); !begun) return tl::unexpected(begun.error());
    }
    if (auto* const file = std::get_if<message_file>(&message_)) return send_file(*file, to);
    sent_bytes_ += size_;
    return step::sent;
}

const framing& sender::frames_of_next() const noexcept {
    const auto* const first = has_begun_ ? nullptr : frames_.first();
    return first != nullptr ? *first : frames_;
}

// Whether it can be framed is tried first, as the words for a file differ from those for a reply.
result<void> sender::begin(outbox& to) {
    std::string tried;
    if (const auto* const file = std::get_if<message_file>(&message_)) {
        size_ = file->size();
        const auto begun = frames_of_next().begin(file->length(), tried);
        if (!begun) return refusal(begun.error(), file->length());
        inside_ = to.begin(file->length()).has_value();
        has_begun_ = true;
        sent_of_file_ = 0;
        return {};
    }
    const auto& text = std::get<std::string>(message_);
    size_ = text.size();
    const auto framed = frames_of_next().encode(text, tried);
    if (!framed) return refusal(framed.error(), text.size());
    (void)to.reply(text);
    has_begun_ = true;
    return {};
}

// As much as there is room for.
result<sender::step> sender::send_file(message_file& file, outbox& to) {
    while (!to.full()) {
        if (sent_of_file_ > 0) progress_.show("sent", sent_of_file_, size_);
        if (!file.is_ready()) {
            wait_for(file.native_handle());
            return step::waits;
        }
        const auto data = file.read();
        if (!data) return tl::unexpected(data.error());
        // A scanned file could be framed, so it has changed.
        const auto queued = data->empty() ? to.end() : to.append(*data);
        if (!queued) {
            const bool was_scanned = file.size() != unknown_length;
            if (was_scanned) return file.changed();
            return refusal(queued.error(), unknown_length);
        }
        sent_of_file_ += data->size();
        if (!data->empty()) continue;
        inside_ = false;
        sent_bytes_ += sent_of_file_;
        return step::sent;
    }
    return step::waits;
}

// A pipe without data. Files that cannot be polled always have some.
void sender::wait_for(int descriptor) {
    if (waited_for_ != descriptor && loop_.waiting().add(descriptor, *this, {.readable = true})) {
        waited_for_ = descriptor;
    }
}

void sender::ready(interest /*found*/) {
    stop();
    when_ready_();
}

void sender::stop() noexcept {
    if (waited_for_ >= 0) loop_.waiting().remove(std::exchange(waited_for_, -1));
}

tl::unexpected<failure> sender::refusal(errc why, std::uint64_t size) const {
    return tl::unexpected(explain(frames_of_next().refusal(why, size), wording_));
}

}  // namespace framewire
