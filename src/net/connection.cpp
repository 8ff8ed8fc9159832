#include "connection.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace framewire {
namespace {

// Made once: to construct one in memory and load it costs more than the rest of a reply.
const tl::expected<void, errc> framed_well;

// After so many the others get their turn, and the rest of the input waits for the next cycle. A
// write for each of them would still cost little; a service that needs a millisecond for each
// would keep the others waiting for half a second.
constexpr std::size_t frames_per_cycle_max = 512;

delivery delivery_for(const service& one) noexcept {
    return one.streams() ? delivery::pieces : delivery::whole;
}

}  // namespace

connection::connection(event_loop& loop, std::shared_ptr<connection_plan> plan,
                       owned_descriptor socket)
    : loop_(loop),
      plan_(std::move(plan)),
      socket_(std::move(socket)),
      service_(plan_->make_service()),
      session_(plan_->rules, delivery_for(*service_), loop.now(), &loop.spare_output()),
      peer_{plan_->next_id.fetch_add(1), local_endpoint(socket_.get()),
            remote_endpoint(socket_.get())},
      observes_traffic_(observer() != nullptr && observer()->observes_traffic()) {}

// socket -> receive buffer -> decode -> event -> service -> outbox -> encode -> socket
//
// One cycle reads once, serves every frame that the read completes, and writes once. Then it waits
// for whatever it could not do. While the peer does not accept its replies, nothing is read.
void connection::cycle() {
    session_.tick(loop_.now());
    read();
    answer();
    write();
    session_.hold();
    wait();
}

void connection::read() {
    if (state_ == state::lingering) return discard();
    if (!is_serving(state_) || !readable_ || !session_.wants_input()) return;
    auto& buffer = loop_.receive_buffer();
    const auto size = receive_some(socket_.get(), buffer);
    const int error = size < 0 ? errno : 0;
    // A draining connection reads until nothing is left; any other waits for the poller.
    readable_ = state_ == state::draining && size > 0;
    if (size == 0) {
        session_.receive_eof();
    } else if (size > 0) {
        const bytes data(buffer.data(), static_cast<std::size_t>(size));
        loop_counters::add(loop_.counters().bytes_received, data.size());
        if (observes_traffic_) observer()->received_bytes(peer_, data);
        session_.receive(data);
    } else if (!is_transient(error)) {
        auto ours = from_system(error, session_.offset());
        session_.receive_error(ours.code, std::move(ours.words));
    }
}

void connection::answer() {
    frames_left_ = frames_per_cycle_max;
    while (is_serving(state_) && frames_left_ > 0) {
        const auto found =
            session_.next([this](const payload_run& run) { return deliver_run(run); },
                          [this](const piece& payload, std::uint64_t offset) {
                              deliver(payload, offset);
                              return is_serving(state_) && --frames_left_ > 0;
                          });
        if (!found) break;
        serve(*found);
        --frames_left_;
    }
    if (observes_traffic_) observer()->batch_ended();
}

// The service first gets the run; what it leaves is delivered one by one.
run_outcome connection::deliver_run(const payload_run& run) {
    if (observes_traffic_) return {};
    const auto taken = service_->receive_run(run, *this);
    loop_counters::add(loop_.counters().frames, taken);
    frames_left_ -= std::min(frames_left_, taken);
    return {taken, is_serving(state_) && frames_left_ > 0};
}

void connection::deliver(const piece& data, std::uint64_t offset) {
    if (data.last) loop_counters::add(loop_.counters().frames, 1);
    if (observes_traffic_) observer()->received(peer_, data, offset);
    service_->receive(data, *this);
}

void connection::serve(const event& found) {
    switch (found.what) {
        case event::kind::frame: return deliver(found.piece, found.offset);
        case event::kind::skipped:
            loop_counters::add(loop_.counters().skipped, 1);
            if (observer() != nullptr)
                observer()->skipped(peer_, found.piece.announced, found.offset);
            return service_->skipped(found.piece.announced, *this);
        case event::kind::finished:
            if (observer() != nullptr) observer()->peer_ended(peer_);
            return close(close_reason::kind::by_peer);
        case event::kind::failed: return close_after(session_.failure()->code);
    }
}

tl::expected<void, errc> connection::reply(bytes payload) {
    if (session_.lend(payload)) return framed_well;
    return framed(session_.send(payload));
}

std::size_t connection::reply_run(const payload_run& payloads) {
    if (framed(session_.send_run(payloads))) return payloads.size();
    return 0;
}

std::size_t connection::reply_times(bytes payload, std::size_t count) {
    const auto sent = session_.send_times(payload, count);
    if (!sent) (void)framed(tl::unexpected(sent.error()));
    return sent.value_or(0);
}

tl::expected<void, errc> connection::begin(std::uint64_t announced) {
    return framed(session_.begin(announced));
}

tl::expected<void, errc> connection::append(bytes data) { return framed(session_.append(data)); }

tl::expected<void, errc> connection::end() { return framed(session_.end()); }

tl::expected<void, errc> connection::framed(tl::expected<void, errc> outcome) {
    if (!outcome) fail({outcome.error(), session_.offset(), "the reply cannot be framed"});
    return outcome;
}

void connection::write() {
    if (session_.output().empty() || state_ == state::closed) return;
    const auto owed = session_.output();
    const auto taken = send_some(socket_.get(), owed);
    if (taken < 0) {
        const int error = errno;
        if (!is_transient(error)) fail(from_system(error, session_.offset()));
        return;
    }
    const auto size = static_cast<std::size_t>(taken);
    loop_counters::add(loop_.counters().bytes_sent, size);
    if (observes_traffic_) observer()->sent_bytes(peer_, owed.substr(0, size));
    session_.sent(size);
}

}  // namespace framewire
