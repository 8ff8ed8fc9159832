#include "load_connection.hpp"
#include "load_loop.hpp"

#include <sys/socket.h>
#include <algorithm>
#include <cerrno>

namespace framewire {
namespace {

// Sent with one call: enough for several cycles of a fast peer, and little to keep.
constexpr std::size_t batch_bytes = 256 * KiB;

}  // namespace

std::uint64_t load_connection::may_send() const noexcept {
    const auto& plan = loop_.common().plan;
    const auto sent = check_.sent_count();
    const auto room = plan.in_flight - std::min(check_.waiting(), plan.in_flight);
    const auto most = std::min({room, share_ - sent, quota_left()});
    if (!plan.rate) return most;
    return std::min(most, slots_.among(loop_.slots_due()) - sent);
}

std::uint64_t load_connection::in_arrears() const noexcept {
    return std::min(slots_.among(loop_.slots_due()), share_) - check_.sent_count();
}

std::uint64_t load_connection::quota_left() const noexcept {
    const auto quota = loop_.common().plan.messages_per_connection;
    return quota == 0 ? unknown_length : quota - (check_.sent_count() - sent_before_);
}

bool load_connection::is_used_up() const noexcept {
    return state_ == state::open && !done_ && quota_left() == 0 && check_.idle() && !has_unsent();
}

void load_connection::send_due() {
    if (state_ != state::open || !loop_.sending()) return;
    if (has_unsent()) {
        is_blocked_ = true;
        return;
    }
    const bool is_paced = loop_.common().plan.rate.has_value();
    const auto& work = loop_.common().work;
    const auto batch_max = std::max<std::uint64_t>(batch_bytes / work.frame_bytes_max(), 1);
    auto& out = loop_.send_buffer();
    for (auto may = may_send(); may > 0; may = may_send()) {
        const auto count = std::min(may, batch_max);
        if (std::exchange(is_blocked_, false)) able_since_ = loop_.now();
        const auto first = first_ + check_.sent_count();
        is_blocked_ = !write(work.write(first, count, out), count);
        if (is_blocked_) return;
        // Others get their turn: nothing else would stop a connection that waits for no reply.
        if (is_one_way() && !is_paced) return;
    }
    is_blocked_ = check_.waiting() >= loop_.common().plan.in_flight || quota_left() == 0;
}

// False if the socket takes no more.
bool load_connection::write(bytes all, std::uint64_t count) {
    if (wire_) return write_over(all, count);
    auto size = ::send(socket_.get(), all.data(), all.size(), MSG_NOSIGNAL);
    if (size < 0) {
        const int error = errno;
        if (!is_transient(error)) {
            fail(from_system(error, decoder_->current().offset()));
            return false;
        }
        size = 0;
    }
    const auto taken = static_cast<std::size_t>(size);
    const bool complete = taken == all.size();
    if (!complete) {
        // Frames that have not begun will be sent later.
        const auto number = first_ + check_.sent_count();
        const auto begun = loop_.common().work.begun_by(number, count, taken);
        count = begun.count;
        unsent_ = all.substr(taken, begun.bytes - taken);
    }
    if (taken > 0 && is_one_way()) since_ = loop_.now();
    if (count > 0) note_sent(count);
    if (loop_.recording()) loop_.tally().bytes_sent += taken;
    if (!complete) set_write_interest(true);
    return complete;
}

void load_connection::note_sent(std::uint64_t count) {
    const auto first = check_.sent_count();
    check_.sent(count, loop_.now());
    note_first_sent();
    if (loop_.common().plan.rate) loop_.record_late(slots_, first, count, able_since_);
    if (!is_one_way()) return;
    (void)check_.give_up();
    loop_.record_one_way(slots_, first, count);
}

// The rest of a frame. False if the connection failed.
bool load_connection::flush() {
    if (wire_) {
        if (state_ == state::establishing || unsent_.empty()) return write_to_wire();
        return write_over(std::exchange(unsent_, {}), 0) || socket_.is_open();
    }
    if (!unsent_.empty()) {
        const auto size = ::send(socket_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
        if (size < 0) {
            const int error = errno;
            if (is_transient(error)) return true;
            fail(from_system(error, decoder_->current().offset()));
            return false;
        }
        since_ = loop_.now();
        if (loop_.recording()) loop_.tally().bytes_sent += static_cast<std::uint64_t>(size);
        unsent_.erase(0, static_cast<std::size_t>(size));
    }
    loop_.tick();
    return true;
}

// In a closed loop without replies, a socket that takes more is what lets the next message go.
bool load_connection::wants_to_write() const noexcept {
    const bool pushes = is_one_way() && !loop_.common().plan.rate && state_ == state::open;
    return has_unsent() || (pushes && loop_.begun());
}

void load_connection::set_write_interest(bool writable) {
    if (writable == has_write_interest_) return;
    has_write_interest_ = writable;
    const interest wanted{.readable = true, .writable = writable};
    if (!loop_.poller().change(socket_.get(), *this, wanted)) {
        fail(from_system(errno, decoder_->current().offset()));
    }
}

}  // namespace framewire
