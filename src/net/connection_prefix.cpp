// A connection that begins with the header of a proxy.

#include "connection.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <cerrno>
#include <utility>

namespace framewire {

bool connection::has_prefix() const noexcept {
    return plan_->role == connection_role::accepted && plan_->admission && plan_->admission->proxy;
}

void connection::begin_prefix() {
    const auto allowed = plan_->admission->proxy->header_deadline;
    prefix_ = std::make_unique<prefix>();
    if (allowed.count() != 0) prefix_->due = loop_.now() + allowed;
}

// What follows the header belongs to the transport, if there is one, or to the session.
void connection::receive_prefix(bytes data) {
    auto taken = prefix_->header.receive(data);
    if (!taken) return fail_prefix(std::move(taken.error()));
    if (!prefix_->header.header()) return;
    const auto source = prefix_->header.header()->source;
    is_probe_ = !source;
    prefix_.reset();
    if (source && !come_from(*source)) return;
    begin_pacing();
    begin_transport();
    if (!wire_ || wire_->line->established()) {
        establish();
    } else {
        loop_.handshakes().begin(wire_->handshake, *plan_);
    }
    if (is_serving(state_) && *taken < data.size()) receive_wire(data.substr(*taken));
}

// False, and closes, if a peer from there may not connect.
bool connection::come_from(const endpoint& source) {
    peer_.remote = source;
    const auto host = host_of(source);
    auto why =
        plan_->admission->permits(source) ? std::nullopt : std::optional(errc::limit_denied);
    if (!why) why = loop_.count_host(*plan_, host);
    if (why) {
        fail({*why, 0, {}});
        return false;
    }
    host_ = host;
    return true;
}

// At once, as its specification wants: nothing is in the system's buffer yet.
void connection::announce() {
    const auto& what = *plan_->announces;
    const proxy_header header{what.source ? what.source : peer_.local, peer_.remote};
    const auto text = header.text(what.as);
    const auto sent = send_some(socket_.get(), text);
    if (sent < 0) return fail(from_system(errno, 0));
    loop_counters::add(loop_.counters().bytes_sent, static_cast<std::size_t>(sent));
    if (static_cast<std::size_t>(sent) == text.size()) return;
    fail({errc::io_failed, 0, "the system did not take the PROXY header at once"});
}

void connection::fail_prefix(wire_error error) {
    prefix_.reset();
    if (error.code == errc::proxy_syntax) {
        error.words += fmt::format(", at byte {} of the header", error.offset);
    }
    fail(std::move(error));
}

void connection::expire_prefix(time_point now) {
    if (now < prefix_->due) return;
    const auto allowed = plan_->admission->proxy->header_deadline;
    fail_prefix({errc::proxy_timeout, 0,
                 fmt::format("no complete header within {}", format_duration(allowed))});
}

}  // namespace framewire
