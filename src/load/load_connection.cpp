#include "load_connection.hpp"

#include "framewire/core/quote.hpp"
#include "load_loop.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <algorithm>
#include <cerrno>

namespace framewire {
namespace {

// Sent with one call: enough for several cycles of a fast peer, and little to keep.
constexpr std::size_t batch_bytes = 256 * KiB;
constexpr std::size_t shown_bytes = 32;
// The distance between the payload numbers of neighbouring connections, as a power of two.
constexpr int base_bits = 20;

}  // namespace

load_connection::load_connection(load_loop& loop, std::uint64_t number, slots mine,
                                 std::uint64_t share)
    : loop_(loop),
      number_(number),
      slots_(mine),
      share_(share),
      check_(loop.common().work, number << base_bits) {}

void load_connection::ready(interest found) {
    if (state_ == state::connecting) {
        int error = 0;
        socklen_t size = sizeof error;
        (void)::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) return cannot_connect(error);
        if (!found.writable) return;
        connected();
    } else if (state_ == state::open) {
        if (found.writable && !flush()) return;
        if (found.readable && !receive()) return;
    }
    send_due();
    note_done();
}

// The frames of one read cause one write.
bool load_connection::receive() {
    auto& buffer = loop_.receive_buffer();
    const auto size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    loop_.tick();
    if (size > 0) {
        if (loop_.recording()) loop_.tally().bytes_received += static_cast<std::uint64_t>(size);
        const bytes data(buffer.data(), static_cast<std::size_t>(size));
        if (data.size() >= widening_read_bytes && !std::exchange(is_widened_, true)) {
            widen_receive_window(socket_.get());
        }
        decode(data);
        return state_ == state::open;
    }
    const int error = errno;
    if (size < 0 && is_transient(error)) return true;
    const auto offset = decoder_->offset();
    if (done_) {
        close();
        state_ = state::ended;
    } else if (size < 0) {
        fail(from_system(error, offset));
    } else if (decoder_->phase() != frame_phase::between_frames) {
        fail(decoder_->truncation());
    } else {
        fail({errc::io_closed, offset, "the server closed the connection"});
    }
    return false;
}

void load_connection::decode(bytes input) {
    const auto last = [&](auto& reader) { return take_all(reader, input); };
    const auto ended = decoder_->visit(last);
    settle();
    if (ended == step::failed) fail(decoder_->failure());
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

std::uint64_t load_connection::may_send() const noexcept {
    const auto& plan = loop_.common().plan;
    const auto sent = check_.sent_count();
    const auto room = plan.in_flight - std::min(check_.waiting(), plan.in_flight);
    const auto most = std::min(room, share_ - sent);
    if (!plan.rate) return most;
    return std::min(most, slots_.among(loop_.slots_due()) - sent);
}

std::uint64_t load_connection::in_arrears() const noexcept {
    return std::min(slots_.among(loop_.slots_due()), share_) - check_.sent_count();
}

void load_connection::send_due() {
    if (state_ != state::open || !loop_.sending() || !unsent_.empty()) return;
    const auto& work = loop_.common().work;
    const auto batch_max = std::max<std::uint64_t>(batch_bytes / work.frame_bytes_max(), 1);
    auto& out = loop_.send_buffer();
    for (auto may = may_send(); may > 0; may = may_send()) {
        const auto count = std::min(may, batch_max);
        const auto first = (number_ << base_bits) + check_.sent_count();
        if (!write(work.write(first, count, out), count)) return;
    }
}

// False if the socket takes no more.
bool load_connection::write(bytes all, std::uint64_t count) {
    auto size = ::send(socket_.get(), all.data(), all.size(), MSG_NOSIGNAL);
    if (size < 0) {
        const int error = errno;
        if (!is_transient(error)) {
            fail(from_system(error, decoder_->offset()));
            return false;
        }
        size = 0;
    }
    const auto taken = static_cast<std::size_t>(size);
    const bool complete = taken == all.size();
    if (!complete) {
        // Frames that have not begun will be sent later.
        const auto number = (number_ << base_bits) + check_.sent_count();
        const auto begun = loop_.common().work.begun_by(number, count, taken);
        count = begun.count;
        unsent_ = all.substr(taken, begun.bytes - taken);
    }
    if (count > 0) check_.sent(count, loop_.now());
    if (loop_.recording()) loop_.tally().bytes_sent += taken;
    if (!complete) set_write_interest(true);
    return complete;
}

// The rest of a frame. False if the connection failed.
bool load_connection::flush() {
    if (!unsent_.empty()) {
        const auto size = ::send(socket_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
        if (size < 0) {
            const int error = errno;
            if (is_transient(error)) return true;
            fail(from_system(error, decoder_->offset()));
            return false;
        }
        if (loop_.recording()) loop_.tally().bytes_sent += static_cast<std::uint64_t>(size);
        unsent_.erase(0, static_cast<std::size_t>(size));
    }
    if (unsent_.empty()) set_write_interest(false);
    loop_.tick();
    return true;
}

void load_connection::set_write_interest(bool writable) {
    if (writable == has_write_interest_) return;
    has_write_interest_ = writable;
    const interest wanted{.readable = true, .writable = writable};
    if (!loop_.poller().change(socket_.get(), *this, wanted)) {
        fail(from_system(errno, decoder_->offset()));
    }
}

void load_connection::note_done() {
    const bool all_sent = !loop_.sending() || check_.sent_count() == share_;
    if (done_ || !loop_.begun()) return;
    if (state_ != state::ended && !(all_sent && check_.idle() && unsent_.empty())) return;
    done_ = true;
    loop_.one_done();
}

void load_connection::check_timeouts() {
    const auto now = loop_.now();
    const auto timeout = loop_.common().plan.timeout;
    if (state_ == state::connecting && now - since_ > timeout) return cannot_connect(ETIMEDOUT);
    if (state_ == state::waiting && now >= again_at_) {
        if (!loop_.sending() && loop_.begun()) {
            state_ = state::ended;
            return note_done();
        }
        return open();
    }
    if (state_ != state::open || timeout.count() == 0) return;
    const auto late = check_.idle() ? 0 : check_.expire(now - timeout);
    if (late > 0) {
        loop_.tally().missing += late;
        report_fault(check_.next(),
                     fmt::format("missing: {} replies before this one never came", late));
    }
    if (check_.waiting() > 0 && check_.oldest() <= now - timeout) {
        fail({errc::io_timeout_reply, decoder_->offset(),
              fmt::format("no reply within {}", format_duration(timeout))});
    }
    send_due();
    note_done();
}

void load_connection::finish() {
    if (state_ == state::open && check_.idle()) (void)receive();
    const auto number = check_.next();
    const auto missing = check_.give_up();
    loop_.tally().missing += missing;
    if (missing > 0)
        report_fault(number, fmt::format("missing: no reply to {} messages", missing));
    close();
    state_ = state::ended;
}

void load_connection::report_fault(std::uint64_t number, std::string words) {
    loop_.fault({.connection = number_, .number = number, .words = std::move(words)});
}

}  // namespace framewire
