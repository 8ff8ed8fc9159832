#include "loop_outbox.hpp"

#include "connection.hpp"

#include <cassert>
#include <utility>

namespace framewire {
namespace {

// The outbox that services may use on this thread now.
constinit thread_local const loop_outbox* in_call = nullptr;

tl::unexpected<errc> outside_call() { return tl::unexpected(errc::service_outside_call); }

}  // namespace

loop_outbox::call::call(loop_outbox& replies, connection& served) noexcept
    : replies_(replies),
      served_before_(std::exchange(replies.served_, &served)),
      in_call_before_(std::exchange(in_call, &replies)) {}

loop_outbox::call::~call() {
    replies_.served_ = served_before_;
    in_call = in_call_before_;
}

bool loop_outbox::is_in_call() const noexcept {
    const bool is = in_call == this;
    assert(is && "an outbox belongs to the call that it was passed to: use defer() or handle()");
    return is;
}

tl::expected<void, errc> loop_outbox::reply(bytes payload) {
    if (!is_in_call()) return outside_call();
    return served_->reply(payload);
}

std::size_t loop_outbox::reply_run(const payload_run& payloads) {
    return is_in_call() ? served_->reply_run(payloads) : 0;
}

std::size_t loop_outbox::reply_times(bytes payload, std::size_t count) {
    return is_in_call() ? served_->reply_times(payload, count) : 0;
}

tl::expected<void, errc> loop_outbox::reply_idle(std::uint32_t field) {
    if (!is_in_call()) return outside_call();
    return served_->reply_idle(field);
}

tl::expected<void, errc> loop_outbox::begin(std::uint64_t announced) {
    if (!is_in_call()) return outside_call();
    return served_->begin(announced);
}

tl::expected<void, errc> loop_outbox::append(bytes data) {
    if (!is_in_call()) return outside_call();
    return served_->append(data);
}

tl::expected<void, errc> loop_outbox::end() {
    if (!is_in_call()) return outside_call();
    return served_->end();
}

void loop_outbox::close() {
    if (is_in_call()) served_->close_by_service();
}

void loop_outbox::shutdown_send() {
    if (is_in_call()) served_->shutdown_send();
}

tl::expected<void, errc> loop_outbox::use(const framing& frames, direction which) {
    if (!is_in_call()) return outside_call();
    served_->use(frames, which);
    return {};
}

std::size_t loop_outbox::queued() const noexcept { return is_in_call() ? served_->queued() : 0; }

bool loop_outbox::full() const noexcept { return is_in_call() && served_->full(); }

void loop_outbox::pause() {
    if (is_in_call()) served_->pause();
}

void loop_outbox::resume() {
    if (is_in_call()) served_->resume();
}

std::uint64_t loop_outbox::open_slot(order keeps, std::size_t held_bytes) {
    return is_in_call() ? served_->open_slot(keeps, held_bytes) : 0;
}

std::shared_ptr<peer_link> loop_outbox::link() { return is_in_call() ? served_->link() : nullptr; }

}  // namespace framewire
