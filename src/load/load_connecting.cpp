#include "load_connection.hpp"
#include "load_loop.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <cerrno>

namespace framewire {
namespace {

// Faster retries would not help a server that is down or overloaded.
constexpr std::chrono::milliseconds retry_pause{50};

failure cannot(const address& where, int error) {
    std::string hint;
    if (error == EADDRNOTAVAIL) {
        hint = "the ports for connections from this address are used up; give more with --source";
    }
    if (error == EMFILE || error == ENFILE) hint = "raise 'ulimit -n', or lower --connections";
    return {fmt::format("cannot connect to {}: {}", where.text(), system_words(error)),
            std::move(hint)};
}

}  // namespace

void load_connection::open() {
    const auto& at = loop_.common().endpoints.at(endpoint_);
    if (state_ == state::closed) since_ = loop_.now();
    began_ = loop_.tick();
    socket_ =
        owned_descriptor(::socket(at.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket_.is_open()) return cannot_connect(errno);
    if (!bind_source(socket_.get())) return cannot_bind(errno);
    prepare_connection(socket_.get());
    const bool at_once = ::connect(socket_.get(), at.data(), at.size) == 0;
    if (!at_once && errno != EINPROGRESS) return cannot_connect(errno);
    if (!loop_.poller().add(socket_.get(), *this, {.readable = at_once, .writable = !at_once})) {
        return cannot_connect(errno);
    }
    state_ = state::connecting;
    has_write_interest_ = !at_once;
    if (at_once) linked();
}

// The port is chosen when connecting, so that it can be shared by several servers and sources.
bool load_connection::bind_source(int descriptor) const noexcept {
    const auto& source = loop_.common().plan.source;
    if (!source) return true;
    const int one = 1;
    (void)::setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(source->address(number_));
    return ::bind(descriptor, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0;
}

void load_connection::linked() {
    decoder_.emplace(loop_.common().work.reply_decoder());
    loop_.common().plan.make_transport ? begin_transport() : connected();
}

void load_connection::connected() {
    state_ = state::open;
    assembly_.clear();
    unsent_.clear();
    loop_.opened();
    since_ = able_since_ = loop_.tick();
    is_blocked_ = false;
    loop_.record_connect(since_ - began_);
    sent_before_ = check_.sent_count();
    unsent_ = loop_.common().work.first_frame(number_);
    if (!unsent_.empty() && !is_one_way()) state_ = state::introduced;
    if (!unsent_.empty()) note_first_sent();
    if (flush() && socket_.is_open()) set_write_interest(has_unsent());
}

void load_connection::note_first_sent() {
    if (!std::exchange(has_sent_, true)) ++loop_.common().hopeful;
}

// It has done its share: the next messages go over a new connection.
void load_connection::renew() {
    // What came after the last reply is for no message.
    auto& buffer = loop_.receive_buffer();
    const auto size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (size > 0) {
        const bytes data(buffer.data(), static_cast<std::size_t>(size));
        (void)(wire_ ? receive_from_wire(data) : take(data));
    }
    if (state_ != state::open) return;
    close();
    has_sent_ = false;
    state_ = state::closed;
    open();
    // Established at once, nothing else would wake it.
    if (state_ == state::open) set_write_interest(true);
}

void load_connection::cannot_bind(int error) {
    auto& common = loop_.common();
    if (error != EADDRNOTAVAIL || loop_.begun()) return cannot_connect(error);
    close();
    state_ = state::ended;
    common.fail({fmt::format("cannot connect from {}: no address of this machine",
                             common.plan.source->address_text(number_)),
                 "'ip address' lists them; all of 127.0.0.0/8 belong to it"});
}

// A full backlog or a restarting server justifies a retry; before the run has begun, nothing else
// does.
void load_connection::cannot_connect(int error) {
    auto& common = loop_.common();
    close();
    state_ = state::waiting;
    again_at_ = loop_.now() + retry_pause;
    const bool may_retry = loop_.now() - since_ < common.plan.timeout;
    if (error == EAGAIN && may_retry) return;
    if (!loop_.begun()) {
        if (endpoint_ + 1 < common.endpoints.size()) {
            ++endpoint_;
            again_at_ = loop_.now();
        } else {
            common.fail(cannot(common.plan.target, error));
        }
        return;
    }
    if (may_retry) return;
    state_ = state::ended;
    report_fault(check_.next(),
                 fmt::format("given up: {}", cannot(common.plan.target, error).message()));
    note_done();
}

void load_connection::fail(const wire_error& error) {
    settle();
    auto& tally = loop_.tally();
    const auto number = check_.next();
    const auto missing = check_.give_up();
    ++tally.failed_connections;
    tally.missing += missing;
    loop_.failed(error.code);
    if (std::exchange(has_sent_, false)) loop_.common().note_fruitless(error);
    const bool is_handshake = state_ == state::establishing;
    if (!loop_.begun()) is_handshake ? refuse(error) : loop_.note_opening_failed(error);
    auto words = error.message();
    if (missing > 0) {
        words +=
            fmt::format("; {} {} missing", missing, missing == 1 ? "reply is" : "replies are");
    }
    report_fault(number, std::move(words));
    // What the transport has said last is the reason.
    if (!is_handshake) reset_on_close(socket_.get());
    wire_.reset();
    close();
    state_ = state::waiting;
    since_ = loop_.now();
    again_at_ = since_ + retry_pause;
    note_done();
}

void load_connection::close() {
    if (!socket_.is_open()) return;
    if (wire_) close_wire();
    if (is_up()) loop_.closed();
    loop_.poller().remove(socket_.get());
    socket_.close();
    unsent_.clear();
}

}  // namespace framewire
