// What a connection queues for its peer: replies of its service, now or later, and messages that
// others push.

#include "connection.hpp"
#include "framewire/service/detail/peer_link.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace framewire {
namespace {

// Made once: to construct one in memory and load it costs more than the rest of a reply.
const tl::expected<void, errc> framed_well;

}  // namespace

tl::expected<void, errc> connection::reply(bytes payload) {
    if (session_.lend(payload)) return framed_well;
    return framed(session_.send(payload));
}

tl::expected<void, errc> connection::reply_idle(std::uint32_t field) {
    return framed(session_.send_idle(field));
}

std::size_t connection::reply_run(const payload_run& payloads) {
    return framed(session_.send_run(payloads));
}

std::size_t connection::reply_times(bytes payload, std::size_t count) {
    return framed(session_.send_times(payload, count));
}

tl::expected<void, errc> connection::begin(std::uint64_t announced) {
    return framed(session_.begin(announced));
}

tl::expected<void, errc> connection::append(bytes data) { return framed(session_.append(data)); }

tl::expected<void, errc> connection::end() { return framed(session_.end()); }

std::size_t connection::framed(tl::expected<std::size_t, errc> outcome) {
    if (!outcome) (void)framed(tl::expected<void, errc>(tl::unexpected(outcome.error())));
    return outcome.value_or(0);
}

// The end that connected owes its peer nothing.
tl::expected<void, errc> connection::framed(tl::expected<void, errc> outcome) {
    const bool owed = plan_->role == connection_role::accepted;
    if (!outcome && owed) fail({outcome.error(), session_.offset(), "the reply cannot be framed"});
    return outcome;
}

// The frame that is being delivered is the last of this cycle: the input that is left is not of
// its framing.
void connection::use(const framing& frames, direction which) {
    const bool is_turned = which == direction::both && plan_->role == connection_role::connected;
    session_.use(is_turned ? frames.reversed() : frames, which);
    frames_left_ = std::min<std::size_t>(frames_left_, 1);
    has_changed_framing_ = true;
}

// As soon as what was sent before has been reported.
void connection::notify_framing() {
    if (has_output()) return;
    has_changed_framing_ = false;
    const auto from_here = session_.frames_from_here();
    notify(occurred::changed_framing{from_here});
}

// A service that closes because its peer has ended is not the reason.
void connection::close_by_service() {
    close(session_.over() ? close_reason::kind::by_peer : close_reason::kind::by_service);
}

bool connection::full() noexcept {
    was_full_ = was_full_ || session_.full();
    return session_.full();
}

connection& connection::of(outbox& lent) noexcept {
    return dynamic_cast<loop_outbox&>(lent).served();
}

std::uint64_t connection::open_slot(order keeps, std::size_t held_bytes) {
    const auto slot = session_.defer(keeps == order::as_received, held_bytes);
    if (deferred_since_) deferred_since_->begin(slot, std::chrono::steady_clock::now());
    return slot;
}

std::shared_ptr<peer_link> connection::link() {
    if (!link_) {
        link_target& target = *this;
        link_ = std::make_shared<peer_link>(loop_.executor(), target, peer_,
                                            session_.rules()->bounds.pushed_bytes_max);
    }
    return link_;
}

// Replies that are given at the same time are written together, by a cycle that follows at once.
void connection::answer(std::uint64_t slot, std::span<const bytes> payloads) noexcept {
    note_active();
    session_.tick(loop_.now());
    if (deferred_since_) deferred_since_->end(slot, std::chrono::steady_clock::now());
    guarded([&] { (void)framed(session_.answer(slot, payloads)); });
    run_cycle_soon();
}

void connection::skip(std::uint64_t slot) noexcept {
    session_.tick(loop_.now());
    if (deferred_since_) deferred_since_->forget(slot);
    guarded([&] { session_.skip(slot); });
    run_cycle_soon();
}

void connection::give_up(errc why, bytes words) noexcept {
    fail({why, session_.offset(), words_if_possible(words)});
    run_cycle_soon();
}

void connection::break_off(wire_error why) noexcept {
    fail(std::move(why));
    run_cycle_soon();
}

void connection::pull() noexcept {
    has_pushed_ = true;
    run_cycle_soon();
}

void connection::call(const std::function<void(outbox&)>& task) noexcept {
    if (!is_serving(state_)) return;
    session_.tick(loop_.now());
    guarded([&] {
        const loop_outbox::call call(loop_.replies(), *this);
        task(loop_.replies());
    });
    run_cycle_soon();
}

void connection::finish() noexcept {
    close(close_reason::kind::by_service);
    run_cycle_soon();
}

void connection::check_link() noexcept {
    if (link_ && link_->has_lost()) give_up(errc::limit_memory, {});
}

// The service may produce again.
void connection::continue_service() {
    was_full_ = false;
    if (!is_serving(state_)) return;
    const loop_outbox::call call(loop_.replies(), *this);
    service_->writable(loop_.replies());
}

// What the queue has no room for waits in the link, where it can still be dropped.
void connection::take_pushed() {
    note_active();
    const auto& rules = session_.rules();
    while (can_take_pushed()) {
        const auto message = link_->take();
        if (message == nullptr) {
            has_pushed_ = false;
            return;
        }
        const auto frame =
            session_.shares_pushed()
                ? message->framed(rules,
                                  [&](const std::string& payload, std::string& to) {
                                      return rules->sends.encode(payload, to);
                                  })
                : message->framed_once([&](const std::string& payload, std::string& to) {
                      return session_.frame_to_push(payload, to);
                  });
        if (frame == nullptr) {
            link_->count_dropped();
        } else {
            session_.push(frame);
        }
    }
}

}  // namespace framewire
