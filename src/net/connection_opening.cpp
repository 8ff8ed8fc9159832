#include "connection.hpp"
#include "measured_service.hpp"

#include <cerrno>
#include <utility>

namespace framewire {

connection::connection(event_loop& loop, std::shared_ptr<connection_plan> plan,
                       connected_socket socket, const address_key& host)
    : loop_(loop),
      plan_(std::move(plan)),
      socket_(std::move(socket.descriptor)),
      session_(plan_->rules(), delivery::whole, loop.now(), &loop.spare_output()),
      peer_{plan_->next_id.fetch_add(1), local_endpoint(socket_.get()),
            socket.remote.size > 0 ? endpoint_of(socket.remote) : remote_endpoint(socket_.get())},
      host_(host),
      active_(loop.now()),
      opened_(loop.now()),
      observes_traffic_(observer() != nullptr && observer()->observes_traffic()),
      is_served_singly_(observes_traffic_) {
    if (peer_.local.kind == endpoint::family::local) {
        peer_.credentials = credentials_of(socket_.get());
    }
    if (has_prefix()) {
        begin_prefix();
    } else {
        begin_pacing();
        begin_transport();
    }
}

tl::expected<void, refusal> connection::start() {
    // A client is the service of its connection, and learns from it how the handshake ended.
    const bool begins = (!wire_ && !prefix_) || plan_->role == connection_role::connected;
    if (begins && !make_service()) return tl::unexpected(refusal{errc::service_refused});
    constexpr interest input{.readable = true};
    if (!loop_.waiting().add(socket_.get(), *this, input)) {
        return tl::unexpected(refusal{errc::io_failed, errno});
    }
    is_polled_ = true;
    waits_for_ = input;
    return {};
}

// False if the service does not want this peer.
bool connection::make_service() {
    service_ = plan_->make_service(peer_);
    if (!service_) return false;
    if (service_->streams()) session_.deliver_as(delivery::pieces);
    if (service_->defers_runs()) session_.defer_runs();
    if (plan_->measures) measure();
    return true;
}

void connection::measure() {
    auto& into = loop_.counters();
    service_ = std::make_unique<measured_service>(std::move(service_), into.service_time);
    deferred_since_ = std::make_unique<deferred_times>(into.deferred_time);
}

void connection::open() noexcept {
    guarded([this] {
        if (!wire_ && !prefix_) {
            greet();
        } else if (wire_ && wire_->line->established()) {
            establish();
        } else if (wire_) {
            loop_.handshakes().begin(wire_->handshake, *plan_);
        }
        if (plan_->announces) announce();
        end_cycle();
    });
}

// Everybody learns of the connection; the service may speak first.
void connection::greet() {
    is_established_ = true;
    notify(occurred::opened{});
    if (observes_traffic_) notify(occurred::batch_ended{});
    const loop_outbox::call call(loop_.replies(), *this);
    service_->opened(peer_, loop_.replies());
}

}  // namespace framewire
