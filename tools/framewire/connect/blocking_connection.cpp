#include "blocking_connection.hpp"

#include "cli/explain.hpp"
#include "cli/protocols.hpp"
#include "framewire/core/units.hpp"
#include "framewire/service/service.hpp"
#include "net/connect_to.hpp"
#include "net/connection_plan.hpp"
#include "transport/tls_transports.hpp"

#include <sys/eventfd.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <new>
#include <utility>

namespace framewire {
namespace {

// What was sent last is on its way; a person who leaves does not wait longer.
constexpr std::chrono::seconds leave_time{1};

// Asking for each line of a program would take longer than sending it.
constexpr std::size_t unsent_bytes_max = 64 * KiB;

// Empty payloads take memory, too.
constexpr std::size_t cost_of(bytes payload) noexcept {
    return payload.size() + sizeof(std::string);
}

}  // namespace

class blocking_connection::reception final : public service {
public:
    explicit reception(blocking_connection& to) : to_(to) {}

    void opened(const framewire::peer& /*who*/, outbox& replies) override {
        to_.connection_ = replies.handle();
        const std::lock_guard lock(to_.mutex_);
        to_.is_open_ = true;
        to_.changed_.notify_all();
    }
    void receive(const piece& message, outbox& replies) override {
        if (to_.add(message.payload)) replies.pause();
    }
    void left(const close_reason& why) override { to_.end(error_for(why)); }

private:
    // A thread waits for it, so it must come, with words or without.
    static wire_error error_for(const close_reason& why) noexcept {
        const bool failed = why.what == close_reason::kind::by_error;
        try {
            if (failed) return *why.error;
            return {errc::io_closed, 0, "the peer closed the connection"};
        } catch (const std::bad_alloc&) {
            if (failed) return {why.error->code, why.error->offset, {}};
            return {errc::io_closed, 0, {}};
        }
    }

    blocking_connection& to_;
};

result<std::unique_ptr<blocking_connection>> blocking_connection::open(
    const address& where, const framing& frames, const client_settings& settings) {
    transport_factory make;
    if (settings.tls) {
        auto made = tls_client_transports(*settings.tls, where.host);
        if (!made) return tl::unexpected(made.error());
        make = *std::move(made);
    }
    auto socket = connect_to(where, settings.connect_timeout);
    if (!socket) return tl::unexpected(socket.error());
    std::unique_ptr<blocking_connection> one(new blocking_connection(frames, settings));
    return one->start(std::move(*socket), std::move(make)).map([&] { return std::move(one); });
}

blocking_connection::blocking_connection(const framing& frames, client_settings settings)
    : frames_(frames),
      settings_(std::move(settings)),
      signalled_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

// Signals are for the thread that waits for the person.
result<void> blocking_connection::start(owned_descriptor socket, transport_factory make) {
    const auto plan = std::make_shared<connection_plan>(
        frames_, settings_.limits, [this] { return std::make_unique<reception>(*this); },
        settings_.observer, connection_role::connected);
    plan->make_transport = std::move(make);
    plan->announces = settings_.proxy;
    const auto opened = loop_.open(plan, {std::move(socket)});
    if (!signalled_.is_open() || !opened) {
        return tl::unexpected(failure{"cannot wait for the connection: " + system_words(errno)});
    }
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { loop_.run(); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return wait_until_open();
}

// A handshake has a deadline.
result<void> blocking_connection::wait_until_open() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_open_ || ended_; });
    if (is_open_) return {};
    return tl::unexpected(explain(*ended_, unnamed_protocol().client));
}

blocking_connection::~blocking_connection() {
    if (!thread_.joinable()) return;
    connection_.close();
    {
        std::unique_lock lock(mutex_);
        (void)changed_.wait_for(lock, leave_time, [this] { return ended_.has_value(); });
    }
    loop_.finish();
    thread_.join();
    loop_.abort();  // what hears of the end still exists
}

wire_result<void> blocking_connection::send(bytes payload,
                                            const std::function<void()>& meanwhile) {
    std::string frame;
    if (const auto framed = frames_.encode(payload, frame); !framed) {
        return tl::unexpected(frames_.refusal(framed.error(), payload.size()));
    }
    connection_.post([text = std::string(payload)](outbox& to) { (void)to.reply(text); });
    unsent_bytes_ += cost_of(payload);
    if (unsent_bytes_ > unsent_bytes_max) flush(meanwhile);
    return {};
}

void blocking_connection::flush(const std::function<void()>& meanwhile) {
    while (!all_sent()) {
        if (meanwhile) meanwhile();
        std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
    unsent_bytes_ = 0;
}

void blocking_connection::end_stream() const {
    connection_.post([](outbox& to) { to.shutdown_send(); });
}

// True once the system has accepted all of it, or the connection has ended. Asked again and again,
// as connections announce room only after they were full, and a person sends one line at a time.
bool blocking_connection::all_sent() {
    {
        const std::lock_guard lock(mutex_);
        if (ended_) return true;
        is_sent_.reset();
    }
    connection_.post([this](outbox& to) {
        const std::lock_guard lock(mutex_);
        is_sent_ = to.queued() == 0;
        changed_.notify_all();
    });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_sent_ || ended_; });
    return ended_ || *is_sent_;
}

wire_result<std::string> blocking_connection::receive() {
    std::unique_lock lock(mutex_);
    const auto is_there = [this] { return !received_.empty() || ended_; };
    if (settings_.timeout.count() == 0) {
        changed_.wait(lock, is_there);
    } else if (!changed_.wait_for(lock, settings_.timeout, is_there)) {
        return tl::unexpected(wire_error{errc::io_timeout_reply, 0,
                                         "no reply within " + format_duration(settings_.timeout)});
    }
    if (received_.empty()) return tl::unexpected(*ended_);
    auto payload = std::move(received_.front());
    received_.pop_front();
    received_bytes_ -= cost_of(payload);
    if (received_bytes_ == 0) connection_.post([](outbox& to) { to.resume(); });
    if (received_.empty() && !ended_) {
        std::uint64_t count = 0;
        (void)!::read(signalled_.get(), &count, sizeof count);
    }
    return payload;
}

bool blocking_connection::ready() const {
    const std::lock_guard lock(mutex_);
    return !received_.empty() || ended_;
}

bool blocking_connection::add(bytes payload) {
    const std::lock_guard lock(mutex_);
    received_.emplace_back(payload);
    received_bytes_ += cost_of(payload);
    signal();
    return received_bytes_ >= settings_.limits.assembled_bytes_max;
}

void blocking_connection::end(wire_error why) {
    {
        const std::lock_guard lock(mutex_);
        ended_ = std::move(why);
        signal();
    }
    loop_.finish();
}

void blocking_connection::signal() noexcept {
    const std::uint64_t one = 1;
    (void)!::write(signalled_.get(), &one, sizeof one);
    changed_.notify_all();
}

}  // namespace framewire
