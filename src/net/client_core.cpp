#include "client_core.hpp"

#include "client_service.hpp"
#include "connection.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>
#include <utility>

namespace framewire {
namespace {

wire_error ended(const char* words) noexcept { return error_with(errc::io_closed, words); }

}  // namespace

wire_error error_with(errc code, const char* words) noexcept {
    try {
        return {code, 0, words};
    } catch (const std::bad_alloc&) {
        return {code, 0, {}};
    }
}

wire_error copy_of(const wire_error& one) noexcept {
    auto copy = error_with(one.code, one.words.c_str());
    copy.offset = one.offset;
    return copy;
}

client_core::client_core(event_loop& loop, address where, const framing& frames,
                         client_settings settings)
    : loop_(loop),
      where_(std::move(where)),
      settings_(std::move(settings)),
      plan_(std::make_shared<connection_plan>(
          frames, settings_.limits, [this] { return std::make_unique<client_service>(*this); },
          settings_.observer, connection_role::connected)),
      requests_(settings_.id != nullptr, settings_.requests_max),
      kept_(settings_.limits.pushed_bytes_max),
      random_(std::random_device{}()) {
    plan_->announces = settings_.proxy;
}

client_core::~client_core() = default;

peer client_core::peer() const {
    const std::lock_guard lock(peer_mutex_);
    return peer_;
}

void client_core::ask(bytes payload, bool expects_reply, time_point deadline,
                      reply_callback then) {
    if (over_) return call(then, tl::unexpected(copy_of(*over_)));
    if (sending_ended_) {
        return call(then, tl::unexpected(ended("the sending side has been shut down")));
    }
    if (requests_.full()) {
        return call(then, tl::unexpected(error_with(errc::limit_requests,
                                                    "too many requests are waiting for a reply")));
    }
    request_table::request one{.id = {}, .deadline = deadline, .then = std::move(then)};
    if (expects_reply && settings_.id) {
        try {
            one.id = settings_.id(payload);
        } catch (...) {
            return call(one.then, tl::unexpected(thrown()));
        }
    }
    if (connection_ == nullptr || requests_.has_unsent() ||
        !transmit(payload, expects_reply, one)) {
        requests_.add({std::string(payload), std::move(one), expects_reply});
    }
    arm();
}

// False if the connection is closing: it takes nothing more.
bool client_core::transmit(bytes payload, bool expects_reply, request_table::request& one) {
    bool is_open = false;
    tl::expected<void, errc> queued;
    connection_->call([&](outbox& replies) {
        is_open = true;
        queued = replies.reply(payload);
        if (!queued) return;
        if (!expects_reply) return unwritten_.push_back(std::move(one.then));
        requests_.add(std::move(one));
        // The reply must not wait for `receive`.
        kept_.drop_until_room();
        if (std::exchange(paused_, false)) replies.resume();
    });
    if (is_open && !queued) {
        call(one.then,
             tl::unexpected(plan_->rules()->sends.refusal(queued.error(), payload.size())));
    }
    return is_open;
}

void client_core::notify_written() {
    if (unwritten_.empty() || (connection_ != nullptr && connection_->has_output())) return;
    auto written = std::exchange(unwritten_, {});
    for (auto& then : written) call(then, std::string());
}

void client_core::receive(time_point deadline, reply_callback then) {
    if (auto first = kept_.take()) {
        if (kept_.has_room() && std::exchange(paused_, false) && connection_ != nullptr) {
            connection_->call([](outbox& replies) { replies.resume(); });
        }
        return call(then, std::move(*first));
    }
    if (over_) return call(then, tl::unexpected(copy_of(*over_)));
    receivers_.push_back({deadline, std::move(then)});
    arm();
}

void client_core::shutdown_send() {
    if (std::exchange(sending_ended_, true)) return;
    if (connection_ == nullptr) return end(ended("the sending side has been shut down"));
    connection_->call([](outbox& replies) { replies.shutdown_send(); });
}

void client_core::close() {
    closing_ = true;
    if (connection_ != nullptr) {
        connection_->call([](outbox& replies) { replies.close(); });
        connection_->run_again();
    }
    if (connection_ != nullptr) connection_->abort();
    end(ended("the client was closed"));
}

void client_core::end(wire_error why) noexcept {
    if (over_) return;
    usable_ = false;
    reconnect_at_ = time_point::max();
    over_ = std::move(why);
    fail(requests_.take_all(), *over_);
    fail_others(*over_);
}

time_point client_core::on_timer(time_point now) {
    const auto late = error_with(errc::io_timeout_reply, "no reply in time");
    fail(requests_.expire(now), late);
    std::vector<reply_callback> gone;
    std::erase_if(receivers_, [&](receiver& one) {
        if (now < one.deadline) return false;
        gone.push_back(std::move(one.then));
        return true;
    });
    fail(std::move(gone), late);
    if (now >= reconnect_at_) reconnect();
    return next_deadline();
}

time_point client_core::next_deadline() const noexcept {
    auto next = std::min(requests_.deadline(), reconnect_at_);
    for (const auto& one : receivers_) next = std::min(next, one.deadline);
    return next;
}

void client_core::arm() { loop_.timers().arm(*this, next_deadline()); }

// What a callback throws ends the connection.
void client_core::call(reply_callback& then, wire_result<std::string> outcome) noexcept {
    try {
        then(std::move(outcome));
    } catch (...) {
        (void)thrown();
    }
}

// Within a handler: ends the connection with what was thrown, and returns it.
wire_error client_core::thrown() noexcept {
    wire_error why;
    try {
        throw;
    } catch (const std::bad_alloc&) {
        why = error_with(errc::limit_memory, "");
    } catch (const std::exception& one) {
        why = error_with(errc::io_failed, one.what());
    } catch (...) {
        why = error_with(errc::io_failed, "a callback threw");
    }
    if (connection_ != nullptr) connection_->give_up(why.code, why.words);
    return why;
}

void client_core::fail(std::vector<reply_callback> all, const wire_error& why) noexcept {
    for (auto& then : all) call(then, tl::unexpected(copy_of(why)));
}

void client_core::fail_others(const wire_error& why) noexcept {
    fail(std::exchange(unwritten_, {}), why);
    auto waiting = std::exchange(receivers_, {});
    for (auto& one : waiting) call(one.then, tl::unexpected(copy_of(why)));
}

}  // namespace framewire
