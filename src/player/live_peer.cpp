#include "live_peer.hpp"

#include "io/sockets.hpp"
#include "net/connect_to.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>
#include <utility>

namespace framewire {
namespace {

constexpr std::size_t read_bytes_max = 64 * KiB;
// A transport that is given more at once takes what arrives meanwhile for a peer that never reads.
constexpr std::size_t chunk_bytes_max = 16 * KiB;

// Between pieces of a handshake, of which there may be a thousand.
constexpr std::chrono::milliseconds slow_pause{1};
constexpr int slow_timeouts = 5;

time_point now() { return std::chrono::steady_clock::now(); }

// The caller decides how long to wait, and has asked for every frame.
limits without_deadlines(std::uint64_t payload_bytes_max) {
    constexpr std::chrono::milliseconds never{0};
    return {.assembled_bytes_max = payload_bytes_max,
            .header_deadline = never,
            .body_deadline = never,
            .idle_deadline = never,
            .tiny_frames_per_second_max = 0};
}

}  // namespace

result<live_peer> live_peer::connect(const address& where, const framing& sent,
                                     live_settings settings) {
    auto socket = connect_to(where, settings.timeout);
    if (!socket) return tl::unexpected(socket.error());
    auto one = over(*std::move(socket), sent, std::move(settings));
    if (one) return one;
    return tl::unexpected(
        failure{fmt::format("cannot connect to {}: {}", where.text(), one.error().message())});
}

result<live_peer> live_peer::over(owned_descriptor socket, const framing& sent,
                                  live_settings settings) {
    if (::fcntl(socket.get(), F_SETFL, O_NONBLOCK) != 0) {
        return tl::unexpected(failure{system_words(errno)});
    }
    prepare_connection(socket.get());
    live_peer one(std::move(socket), sent, std::move(settings));
    if (auto established = one.establish(); !established) {
        return tl::unexpected(established.error());
    }
    return one;
}

live_peer::live_peer(owned_descriptor socket, const framing& sent, live_settings settings)
    : settings_(std::move(settings)),
      socket_(std::move(socket)),
      session_(std::make_unique<session>(sent.reversed(),
                                         without_deadlines(settings_.payload_bytes_max),
                                         delivery::whole, now())) {}

result<void> live_peer::establish() {
    if (!settings_.make_transport) return {};
    wire_ = settings_.make_transport();
    const int slowness = settings_.handshake_piece > 0 ? slow_timeouts : 1;
    const bool done = exchange_until(now() + settings_.timeout * slowness, [this] {
        return has_ended() || (wire_->established() && !has_unsent());
    });
    if (wire_->established()) return {};
    if (!done) return tl::unexpected(failure{"the handshake of TLS is not done in time"});
    return tl::unexpected(failure{why_ended_.message()});
}

wire_result<void> live_peer::send(bytes data) {
    const auto size = wire_ ? chunk_bytes_max : data.size();
    while (data.size() > size) {
        if (auto sent = send_chunk(data.substr(0, size)); !sent) return sent;
        data.remove_prefix(size);
    }
    return send_chunk(data);
}

wire_result<void> live_peer::send_past_transport(bytes data) {
    unsent_ = data;
    return send_given();
}

wire_result<void> live_peer::send_chunk(bytes data) {
    if (settings_.sent && !data.empty()) settings_.sent(data);
    if (auto given = give(data); !given) return given;
    return send_given();
}

wire_result<void> live_peer::send_given() {
    // Silence is counted from the last byte that was taken.
    for (auto before = bytes_sent_ + 1; has_unsent() && !refuses_ && before != bytes_sent_;) {
        before = bytes_sent_;
        exchange_until(now() + settings_.timeout, [this] { return refuses_ || !has_unsent(); });
    }
    const bool is_sent = !has_unsent();
    unsent_ = {};
    if (is_sent) return {};
    return tl::unexpected(cannot_send());
}

wire_result<void> live_peer::give(bytes data) {
    if (!wire_) {
        unsent_ = data;
        return {};
    }
    if (data.empty()) return {};
    if (refuses_) return tl::unexpected(cannot_send());
    return wire_->send(data);
}

wire_result<void> live_peer::send(bytes data, const std::vector<std::size_t>& cuts,
                                  std::chrono::milliseconds pause) {
    std::size_t from = 0;
    for (const auto to : cuts) {
        if (auto sent = send(data.substr(from, to - from)); !sent) return sent;
        pass(pause);
        from = to;
    }
    return send(data.substr(from));
}

wire_result<std::size_t> live_peer::send_unread(bytes data, std::chrono::milliseconds pause) {
    std::size_t taken = 0;
    while (taken < data.size()) {
        const auto chunk = data.substr(taken, chunk_bytes_max);
        if (auto given = give(chunk); !given) return tl::unexpected(given.error());
        for (auto last = bytes_sent_ + 1; has_unsent() && !refuses_ && last != bytes_sent_;) {
            last = bytes_sent_;
            exchange_until(
                now() + pause, [this] { return refuses_ || !has_unsent(); }, false);
        }
        if (refuses_) return tl::unexpected(cannot_send());
        const bool is_whole = !has_unsent();
        // What a transport was given is sent with what follows.
        taken += wire_ ? chunk.size() : chunk.size() - unsent_.size();
        unsent_ = {};
        if (!is_whole) break;
    }
    if (settings_.sent && taken > 0) settings_.sent(data.substr(0, taken));
    return taken;
}

wire_result<void> live_peer::end_stream(stream_end how) {
    if (wire_ && !refuses_ && how != stream_end::socket) wire_->close();
    auto sent = send({});
    if (wire_ && how == stream_end::transport) return sent;
    (void)::shutdown(socket_.get(), SHUT_WR);
    refuses_ = true;
    return sent;
}

void live_peer::reset() noexcept {
    reset_on_close(socket_.get());
    socket_.close();
    refuses_ = true;
    ended_ = ending::reset;
    end_is_known_ = true;
}

void live_peer::use(const framing& sent) { session_->use(sent.reversed()); }

bool live_peer::has_arrived() {
    decode();
    return !arrivals_.empty();
}

std::optional<arrival> live_peer::next() { return next(settings_.timeout); }

std::optional<arrival> live_peer::next(std::chrono::milliseconds within) {
    exchange_until(now() + within, [this] { return has_arrived() || has_ended(); });
    if (!has_arrived()) return std::nullopt;
    auto first = std::move(arrivals_.front());
    arrivals_.pop_front();
    return first;
}

void live_peer::pass(std::chrono::milliseconds time) {
    exchange_until(now() + time, [] { return false; });
}

bool live_peer::ends() {
    return exchange_until(now() + settings_.timeout, [this] { return has_ended(); });
}

result<void> live_peer::perform(const action& todo, player& watching) {
    using kind = action::kind;
    wire_result<void> done;
    watching_ = &watching;
    const auto before = bytes_received_;
    switch (todo.what) {
        case kind::send: done = send(todo.data); break;
        case kind::wait:
            if (settings_.speed > 0) {
                pass(std::chrono::duration_cast<std::chrono::milliseconds>(todo.elapsed /
                                                                           settings_.speed));
            }
            break;
        case kind::end: done = end_stream(); break;
        case kind::reset: reset(); break;
        case kind::use: use(*todo.frames); break;
        case kind::expect_output:
            exchange_until(now() + settings_.timeout,
                           [this, before] { return bytes_received_ != before || has_ended(); });
            break;
        case kind::gap:
            watching_ = nullptr;
            return tl::unexpected(failure{"bytes are missing here: they cannot be sent"});
        case kind::expect_event:
        case kind::done: break;
    }
    watching_ = nullptr;
    if (done) return {};
    return tl::unexpected(failure{done.error().message()});
}

bool live_peer::has_unsent() const noexcept {
    return !unsent_.empty() || (wire_ && !wire_->output().empty());
}

// False if the time is up before the condition holds.
template <class Condition>
bool live_peer::exchange_until(time_point until, Condition holds, bool reads) {
    while (!holds()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now());
        if (left.count() <= 0) return false;
        const bool wants_read = reads && !has_ended();
        const bool wants_write = has_unsent() && !refuses_;
        const int wanted = (wants_read ? POLLIN : 0) | (wants_write ? POLLOUT : 0);
        // A socket that nothing is wanted of is not waited for: its end would be reported for
        // ever.
        pollfd ready{wanted == 0 ? -1 : socket_.get(), static_cast<short>(wanted), 0};
        if (::poll(&ready, 1, static_cast<int>(left.count())) <= 0 || ready.revents == 0) continue;
        if (wants_read && (ready.revents & (POLLIN | POLLHUP | POLLERR)) != 0) read();
        if (wants_write && (ready.revents & (POLLOUT | POLLHUP | POLLERR)) != 0) write();
    }
    return true;
}

void live_peer::write() {
    auto data = unsent_.empty() ? wire_->output() : unsent_;
    const bool is_slow = settings_.handshake_piece > 0 && wire_ && !wire_->established();
    if (is_slow) {
        data = data.substr(0, settings_.handshake_piece);
        std::this_thread::sleep_for(slow_pause);
    }
    const auto size = send_some(socket_.get(), data);
    if (size >= 0) {
        bytes_sent_ += static_cast<std::uint64_t>(size);
        if (unsent_.empty()) return wire_->sent(static_cast<std::size_t>(size));
        return unsent_.remove_prefix(static_cast<std::size_t>(size));
    }
    const int error = errno;
    if (is_transient(error)) return;
    refuses_ = true;
    // The system reports a reset once; what arrived before it can still be read.
    why_ended_ = from_system(error, bytes_received_);
}

void live_peer::read() {
    std::array<char, read_bytes_max> buffer{};
    const auto size = receive_some(socket_.get(), buffer);
    const int error = errno;
    if (size > 0) {
        const bytes data(buffer.data(), static_cast<std::size_t>(size));
        return wire_ ? take_from_wire(data) : take(data);
    }
    if (size < 0 && is_transient(error)) return;
    const bool was_refused = refuses_ && why_ended_.code != errc{};
    if (size < 0 || was_refused) {
        refuses_ = true;
        return end(ending::reset, size < 0 ? from_system(error, bytes_received_) : why_ended_);
    }
    if (wire_) {
        if (auto whole = wire_->receive_eof(); !whole) return end(ending::finished, whole.error());
    }
    end(ending::finished, {});
}

void live_peer::take_from_wire(bytes data) {
    std::string stream;
    auto taken = wire_->receive(data, stream);
    if (!stream.empty()) take(stream);
    if (!taken) return end(ending::reset, taken.error());
    if (wire_->peer_finished() && !has_ended()) end(ending::finished, {});
}

void live_peer::take(bytes data) {
    bytes_received_ += data.size();
    if (settings_.received) settings_.received(data);
    if (watching_ != nullptr) watching_->on_output(data);
    undecoded_.insert(undecoded_.end(), data.begin(), data.end());
}

// Only as far as the next arrival: after it, the framing may be another one.
void live_peer::decode() {
    while (arrivals_.empty()) {
        const auto found = session_->next();
        if (!found && !feed()) return;
        if (!found) continue;
        const auto what = static_cast<arrival::kind>(found->what);
        arrival one{.what = what,
                    .payload{},
                    .offset = found->offset,
                    .end = session_->offset(),
                    .error{}};
        if (found->what == event::kind::frame) one.payload = found->piece.payload;
        if (found->what == event::kind::failed) one.error = *session_->failure();
        if (found->what == event::kind::failed) one.offset = one.error.offset;
        if (found->what == event::kind::finished) one.offset = bytes_received_;
        arrivals_.push_back(std::move(one));
    }
}

// False if nothing more has arrived.
bool live_peer::feed() {
    session_->hold();
    decoded_ = std::exchange(undecoded_, {});
    if (!decoded_.empty()) {
        session_->receive({decoded_.data(), decoded_.size()});
        return true;
    }
    if (!has_ended() || std::exchange(end_is_known_, true)) return false;
    if (ended_ == ending::finished && why_ended_.code == errc{}) {
        session_->receive_eof();
    } else {
        session_->receive_error(why_ended_.code, why_ended_.words);
    }
    return true;
}

void live_peer::end(ending how, wire_error error) {
    ended_ = how;
    why_ended_ = std::move(error);
}

wire_error live_peer::cannot_send() const {
    if (why_ended_.code != errc{}) return {why_ended_.code, bytes_sent_, why_ended_.words};
    if (refuses_) return {errc::io_closed, bytes_sent_, "the stream was ended before"};
    return {errc::io_timeout_write, bytes_sent_, "the other end takes no more"};
}

}  // namespace framewire
