#include "connection.hpp"

#include <utility>

namespace framewire {

connection::connection(event_loop& loop, std::shared_ptr<connection_plan> plan,
                       owned_descriptor socket)
    : loop_(loop),
      plan_(std::move(plan)),
      socket_(std::move(socket)),
      session_(plan_->rules, delivery::whole, loop.now(), &loop.spare_output()),
      peer_{plan_->next_id.fetch_add(1), local_endpoint(socket_.get()),
            remote_endpoint(socket_.get())},
      service_(plan_->make_service(peer_)),
      observes_traffic_(observer() != nullptr && observer()->observes_traffic()) {
    if (service_ && service_->streams()) session_.deliver_as(delivery::pieces);
}

tl::expected<void, errc> connection::start() {
    if (!service_) return tl::unexpected(errc::service_refused);
    constexpr interest input{.readable = true};
    if (!loop_.waiting().add(socket_.get(), *this, input)) return tl::unexpected(errc::io_failed);
    waits_for_ = input;
    return {};
}

void connection::open() {
    if (observer() != nullptr) observer()->on(peer_, occurred::opened{});
    if (observes_traffic_) observer()->on(peer_, occurred::batch_ended{});
    guarded([this] {
        {
            const loop_outbox::call call(loop_.replies(), *this);
            service_->opened(peer_, loop_.replies());
        }
        end_cycle();
    });
}

}  // namespace framewire
