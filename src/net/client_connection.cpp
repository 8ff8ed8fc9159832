#include "client_connection.hpp"

#include "poll_until.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <limits>
#include <span>
#include <string_view>
#include <utility>

namespace framewire {
namespace {

using clock = std::chrono::steady_clock;

// Sending must not prevent reading: the peer may be waiting for us to read.
limits without_queue(limits of) {
    of.queued_bytes_max = std::numeric_limits<std::size_t>::max();
    return of;
}

}  // namespace

client_connection::client_connection(owned_descriptor socket, const framing& frames,
                                     const client_settings& settings, delivery mode)
    : socket_(std::move(socket)),
      settings_(settings),
      frames_(frames),
      session_(frames, without_queue(settings.limits), mode, clock::now()),
      peer_{0, local_endpoint(socket_.get()), remote_endpoint(socket_.get())},
      taken_(clock::now()),
      moved_(taken_) {
    prepare_connection(socket_.get());
    if (settings_.observer != nullptr) settings_.observer->on(peer_, occurred::opened{});
}

client_connection::~client_connection() {
    if (sending_) reset_on_close(socket_.get());
}

wire_result<void> client_connection::send(bytes payload) {
    owe();
    auto sent = framed(session_.send(payload), payload.size());
    if (sent) sending_ = all_queued_ = true;
    return sent;
}

wire_result<void> client_connection::begin(std::uint64_t announced) {
    owe();
    auto begun = framed(session_.begin(announced), announced);
    if (begun) sending_ = true;
    return begun;
}

wire_result<void> client_connection::append(bytes data) {
    owe();
    return framed(session_.append(data), unknown_length);
}

wire_result<void> client_connection::end() {
    owe();
    auto ended = framed(session_.end(), unknown_length);
    all_queued_ = ended.has_value();
    return ended;
}

void client_connection::owe() {
    const auto now = clock::now();
    session_.tick(now);
    if (!has_output()) taken_ = now;
}

wire_result<void> client_connection::framed(const tl::expected<void, errc>& outcome,
                                            std::uint64_t size) const {
    if (outcome) return {};
    return tl::unexpected(frames_.refusal(outcome.error(), size));
}

wire_result<void> client_connection::write() {
    while (has_output()) {
        const auto size = send_some(socket_.get(), session_.output());
        if (size >= 0) {
            const auto sent = static_cast<std::size_t>(size);
            if (settings_.observer != nullptr) {
                settings_.observer->on(peer_,
                                       occurred::sent_bytes{session_.output().substr(0, sent)});
            }
            moved_ = taken_ = clock::now();
            session_.tick(moved_);
            session_.sent(sent);
        } else if (!is_transient(errno)) {
            const int error = errno;
            session_.drop_output();
            return tl::unexpected(from_system(error, session_.offset()));
        } else if (clock::now() >= write_deadline()) {
            return tl::unexpected(give_up());
        } else {
            return {};
        }
    }
    if (std::exchange(all_queued_, false)) {
        sending_ = false;
        moved_ = clock::now();  // the time for a reply begins
    }
    return {};
}

wire_error client_connection::give_up() {
    broken_ = wire_error{
        errc::io_timeout_write, session_.offset(),
        fmt::format("the peer took none of {} bytes within {}", session_.output().size(),
                    format_duration(settings_.limits.write_deadline))};
    session_.drop_output();
    ::shutdown(socket_.get(), SHUT_RDWR);
    return *broken_;
}

void client_connection::shutdown_send() noexcept { ::shutdown(socket_.get(), SHUT_WR); }

std::optional<wire_result<piece>> client_connection::receive() {
    if (!waiting_since_) waiting_since_ = clock::now();
    while (true) {
        session_.tick(clock::now());
        if (const auto found = session_.next()) return result_of(*found);
        if (session_.over()) return tl::unexpected(current_error());
        const bool can_take = session_.wants_input();
        // However late we are, input that arrived in time counts: read before checking deadlines.
        if (can_take && !has_input()) read_ahead();
        if (can_take && has_input()) {
            take_input();
            continue;
        }
        if (session_.expire()) continue;
        if (clock::now() < reply_deadline()) return std::nullopt;
        waiting_since_.reset();
        return tl::unexpected(
            wire_error{errc::io_timeout_reply, session_.offset(),
                       fmt::format("no reply within {}", format_duration(settings_.timeout))});
    }
}

wire_result<piece> client_connection::result_of(const event& found) {
    waiting_since_.reset();
    auto* const observer = settings_.observer;
    if (found.what == event::kind::frame) {
        if (observer != nullptr)
            observer->on(peer_, occurred::received{found.piece, found.offset});
        return found.piece;
    }
    if (found.what == event::kind::skipped) {
        if (observer != nullptr)
            observer->on(peer_, occurred::skipped{found.piece.announced, found.offset});
        return tl::unexpected(
            wire_error{errc::frame_too_large, found.offset,
                       fmt::format("a frame of {} was skipped", found.piece.announced)});
    }
    const auto error = current_error();
    const bool failed = found.what == event::kind::failed;
    if (observer != nullptr) {
        if (!failed) observer->on(peer_, occurred::peer_ended{});
        observer->on(peer_, occurred::closed{{failed ? close_reason::kind::by_error
                                                     : close_reason::kind::by_peer,
                                              failed ? session_.failure() : nullptr}});
    }
    return tl::unexpected(error);
}

wire_error client_connection::current_error() const {
    if (const auto* const failure = session_.failure()) return *failure;
    return {errc::io_closed, session_.offset(), "the peer closed the connection"};
}

bool client_connection::ready() const noexcept { return session_.can_continue() || has_input(); }

// Reads what has arrived, without waiting.
void client_connection::read_ahead() {
    constexpr std::size_t read_bytes = 64 * KiB;
    const auto before = ahead_.size();
    ahead_.resize(before + read_bytes);
    const auto size = receive_some(socket_.get(), std::span(ahead_).subspan(before));
    const int error = errno;
    ahead_.resize(before + (size > 0 ? static_cast<std::size_t>(size) : 0));
    if (size > 0) {
        moved_ = clock::now();
        if (settings_.observer != nullptr) {
            settings_.observer->on(peer_, occurred::received_bytes{bytes(ahead_).substr(before)});
        }
    } else if (size == 0) {
        eof_ = true;
    } else if (!is_transient(error)) {
        broken_ = from_system(error, session_.offset());
    }
}

// Data that was read precedes the stream's end.
void client_connection::take_input() {
    if (!ahead_.empty()) {
        input_.swap(ahead_);
        ahead_.clear();
        session_.receive(input_);
    } else if (broken_) {
        session_.receive_error(broken_->code, broken_->words);
    } else {
        session_.receive_eof();
    }
}

void client_connection::wait(bool receives, int input) {
    const bool writes = has_output();
    const bool may_read_ahead = writes && ahead_.size() < settings_.limits.assembled_bytes_max;
    const bool reads =
        !eof_ && !broken_ && (may_read_ahead || (receives && session_.wants_input()));
    const auto events = static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
    // Without events, poll would still report a lost peer, again and again.
    std::array<pollfd, 2> all{
        {{reads || writes ? socket_.get() : -1, events, 0}, {input, POLLIN, 0}}};
    auto until = writes ? write_deadline() : time_point::max();
    if (receives) until = std::min({until, reply_deadline(), session_.deadline()});
    poll_until(all, until);
    if (reads && (all[0].revents & ~POLLOUT) != 0) read_ahead();
}

time_point client_connection::reply_deadline() const noexcept {
    if (sending_ || settings_.timeout.count() == 0) return time_point::max();
    return std::max(waiting_since_.value_or(moved_), moved_) + settings_.timeout;
}

time_point client_connection::write_deadline() const noexcept {
    const auto timeout = settings_.limits.write_deadline;
    return timeout.count() == 0 ? time_point::max() : taken_ + timeout;
}

}  // namespace framewire
