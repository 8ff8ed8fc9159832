// A connection whose bytes go through a transport.

#include "load_connection.hpp"
#include "load_loop.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <cerrno>
#include <utility>

namespace framewire {

void load_connection::begin_transport() {
    wire_ = loop_.common().plan.make_transport();
    state_ = state::establishing;
    if (write_to_wire()) set_write_interest(has_unsent());
}

// False if the connection has ended.
bool load_connection::receive_from_wire(bytes data) {
    auto& stream = loop_.stream_buffer();
    stream.clear();
    auto taken = wire_->receive(data, stream);
    if (state_ == state::establishing && wire_->established()) connected();
    if (!socket_.is_open()) return false;
    if (!stream.empty() && !take(stream)) return false;
    if (!write_to_wire()) return false;
    if (taken) return true;
    fail_over(std::move(taken.error()));
    return false;
}

// What the transport has taken counts as sent: the rest of it is in its output.
bool load_connection::write_over(bytes all, std::uint64_t count) {
    if (auto given = wire_->send(all); !given) {
        fail_over(std::move(given.error()));
        return false;
    }
    if (count > 0) note_sent(count);
    if (loop_.recording()) loop_.tally().bytes_sent += all.size();
    if (!write_to_wire()) return false;
    const bool complete = !has_unsent();
    if (!complete) set_write_interest(true);
    return complete;
}

// As much as the socket takes. False if the connection failed.
bool load_connection::write_to_wire() {
    while (!wire_->output().empty()) {
        const auto next = wire_->output();
        const auto size = ::send(socket_.get(), next.data(), next.size(), MSG_NOSIGNAL);
        if (size < 0) {
            const int error = errno;
            if (is_transient(error)) return true;
            fail(from_system(error, decoder_->current().offset()));
            return false;
        }
        since_ = loop_.now();
        wire_->sent(static_cast<std::size_t>(size));
    }
    return true;
}

void load_connection::fail_over(wire_error error) {
    error.offset = decoder_->current().offset();
    fail(error);
}

// No other connection would fare better, except where the server was too busy for this one.
void load_connection::refuse(const wire_error& why) {
    if (why.code == errc::io_reset) return loop_.note_opening_failed(why);
    auto& common = loop_.common();
    common.fail(
        {fmt::format("cannot connect to {}: {}", common.plan.target.text(), why.message())});
}

// The server sees that this is the end, and not that the connection was cut.
void load_connection::close_wire() {
    if (is_up() && state_ != state::leaving) {
        wire_->close();
        const auto last = wire_->output();
        (void)::send(socket_.get(), last.data(), last.size(), MSG_NOSIGNAL);
    }
    wire_.reset();
}

}  // namespace framewire
