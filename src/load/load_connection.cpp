#include "load_connection.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/units.hpp"
#include "load_loop.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <algorithm>
#include <cerrno>

namespace framewire {
namespace {

constexpr std::size_t shown_bytes = 32;

std::string replies_missing(std::uint64_t count) {
    return fmt::format("{} {} missing", count, count == 1 ? "reply is" : "replies are");
}

}  // namespace

load_connection::load_connection(load_loop& loop, std::uint64_t number, slots mine,
                                 std::uint64_t share)
    : loop_(loop),
      number_(number),
      first_(loop.common().work.first_of(number)),
      slots_(mine),
      share_(share),
      check_(loop.common().work, first_) {}

void load_connection::ready(interest found) {
    if (state_ == state::connecting) {
        int error = 0;
        socklen_t size = sizeof error;
        (void)::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) return cannot_connect(error);
        if (!found.writable) return;
        linked();
    } else if (is_up() || state_ == state::establishing) {
        if (found.writable && !flush()) return;
        if (found.readable && !receive()) return;
    }
    if (state_ == state::establishing) return set_write_interest(has_unsent());
    proceed();
    // Messages that came together with the end were served first, as if they were two reads.
    if (wire_ && is_up() && wire_->peer_finished()) server_ended(0);
}

void load_connection::proceed() {
    send_due();
    note_done();
    if (is_used_up()) return renew();
    if (is_up()) set_write_interest(wants_to_write());
}

// The frames of one read cause one write.
bool load_connection::receive() {
    auto& buffer = loop_.receive_buffer();
    const auto size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    loop_.tick();
    if (size > 0) {
        const bytes data(buffer.data(), static_cast<std::size_t>(size));
        if (data.size() >= widening_read_bytes && !std::exchange(is_widened_, true)) {
            widen_receive_window(socket_.get());
        }
        return wire_ ? receive_from_wire(data) : take(data);
    }
    const int error = size == 0 ? 0 : errno;
    if (error == 0 || !is_transient(error)) server_ended(error);
    return error != 0 && is_transient(error);
}

// False if the connection has ended.
bool load_connection::take(bytes stream) {
    if (loop_.recording()) loop_.tally().bytes_received += stream.size();
    if (!is_one_way()) decode(stream);
    return socket_.is_open();
}

// 0: it has ended its stream.
void load_connection::server_ended(int error) {
    const auto offset = decoder_->current().offset();
    // Between two frames many programs end so; only inside a frame something is missing.
    const bool is_inside = decoder_->current().phase() != frame_phase::between_frames;
    const bool is_cut = wire_ && error == 0 && !wire_->peer_finished() &&
                        (is_inside || state_ == state::establishing);
    const auto cut = is_cut ? wire_->receive_eof() : wire_result<void>();
    if (state_ == state::leaving && error == 0) {
        loop_.note_all_taken();
        leave();
    } else if (done_) {
        close();
        state_ = state::ended;
    } else if (error != 0) {
        fail(from_system(error, offset));
    } else if (!cut) {
        fail_over(cut.error());
    } else if (is_inside) {
        fail(decoder_->current().truncation());
    } else {
        fail({errc::io_closed, offset, "the server closed the connection"});
    }
}

void load_connection::decode(bytes input) {
    const auto last = [&](auto& reader) { return take_all(reader, input); };
    const auto ended =
        decoder_->changes() ? take_all(*decoder_, input) : decoder_->current().visit(last);
    settle();
    if (ended == step::failed) fail(decoder_->current().failure());
}

// All frames of a read in one loop, compiled for the framing.
template <class Reader>
step load_connection::take_all(Reader& reader, bytes& input) {
    while (true) {
        const auto found = reader.next(input);
        if (found.what == step::piece) {
            if (!found.piece.whole()) {
                assemble(found.piece);
            } else if (!check_.take_next(found.piece.payload)) {
                check_payload(found.piece.payload);
            }
        } else if (found.what == step::skipped) {
            check_payload("");
        } else {
            return found.what;
        }
    }
}

void load_connection::assemble(const piece& next) {
    assembly_ += next.payload;
    if (!next.last) return;
    if (!check_.take_next(assembly_)) check_payload(assembly_);
    assembly_.clear();
}

void load_connection::check_payload(bytes payload) {
    loop_.note_reply();
    if (state_ == state::introduced) {
        state_ = state::open;
        able_since_ = loop_.now();
        return;
    }
    settle();
    auto& tally = loop_.tally();
    const auto checked = check_.check(payload);
    const auto received = [&] { return quote(payload, shown_bytes); };
    tally.missing += checked.missing;
    switch (checked.what) {
        case verdict::right: break;
        case verdict::out_of_order:
            ++tally.out_of_order;
            loop_.record(slots_, checked.number, 1, checked.sent_at);
            report_fault(checked.number,
                         fmt::format("out of order: {} came after a later reply", received()));
            break;
        case verdict::mismatched:
            ++tally.mismatched;
            report_fault(
                checked.number,
                fmt::format("mismatched: expected {}, received {}",
                            quote(check_.expected(checked.number), shown_bytes), received()));
            break;
        case verdict::unexpected:
            ++tally.unexpected;
            report_fault(
                checked.number,
                fmt::format("unexpected: received {} once more, or for no message", received()));
            break;
    }
}

void load_connection::settle() {
    check_.settle([this](std::uint64_t first, std::uint64_t count, time_point sent) {
        loop_.record(slots_, first, count, sent);
    });
}

void load_connection::note_done() {
    const bool all_sent = !loop_.sending() || check_.sent_count() == share_;
    if (done_ || !loop_.begun()) return;
    const bool all_answered = all_sent && check_.idle() && !has_unsent();
    if (state_ != state::ended && !all_answered) return;
    // The server has received everything once it ends its own stream.
    if (is_one_way() && state_ == state::open) {
        if (wire_) {
            wire_->close();
            if (!write_to_wire()) return;
        } else {
            (void)::shutdown(socket_.get(), SHUT_WR);
        }
        state_ = state::leaving;
        since_ = loop_.now();
    }
    if (state_ == state::leaving) return;
    done_ = true;
    loop_.one_done();
}

void load_connection::leave() {
    close();
    state_ = state::ended;
    note_done();
}

void load_connection::check_timeouts() {
    const auto now = loop_.now();
    const auto timeout = loop_.common().plan.timeout;
    const bool is_late = now - since_ > timeout;
    switch (state_) {
        case state::closed:
        case state::ended: return;
        case state::connecting:
        case state::establishing: return is_late ? cannot_connect(ETIMEDOUT) : void();
        case state::introduced: return is_late ? fail_silent() : void();
        case state::leaving: return is_late ? leave() : void();
        case state::waiting:
            if (now < again_at_) return;
            if (loop_.sending() || !loop_.begun()) return open();
            state_ = state::ended;
            return note_done();
        case state::open: break;
    }
    const auto late = check_.idle() ? 0 : check_.expire(now - timeout);
    if (late > 0) {
        loop_.tally().missing += late;
        report_fault(check_.next(), replies_missing(late) + ", sent before this message");
    }
    if (check_.waiting() > 0 && check_.oldest() <= now - timeout) return fail_silent();
    if (is_one_way() && has_unsent() && is_late) {
        return fail({errc::io_timeout_write, decoder_->current().offset(),
                     fmt::format("the server took nothing for {}", format_duration(timeout))});
    }
    proceed();
}

void load_connection::fail_silent() {
    fail({errc::io_timeout_reply, decoder_->current().offset(),
          fmt::format("no reply within {}", format_duration(loop_.common().plan.timeout))});
}

void load_connection::finish() {
    if (state_ == state::open && check_.idle()) (void)receive();
    const auto number = check_.next();
    const auto missing = check_.give_up();
    loop_.tally().missing += missing;
    if (missing > 0) report_fault(number, replies_missing(missing));
    close();
    state_ = state::ended;
}

void load_connection::report_fault(std::uint64_t number, std::string words) {
    loop_.fault({.connection = number_, .number = number, .words = std::move(words)});
}

}  // namespace framewire
