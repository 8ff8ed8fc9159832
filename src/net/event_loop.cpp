#include "event_loop.hpp"

#include "connection.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>
#include <system_error>
#include <utility>

namespace framewire {

namespace {

// A few cycles that read as much as they can: short beside what a network takes.
constexpr std::chrono::microseconds busy_share{200};

class loop_executor final : public executor {
public:
    explicit loop_executor(std::shared_ptr<inbox> to) : inbox_(std::move(to)) {}
    void post(std::function<void()> task) override { inbox_->post(std::move(task)); }
    void notify_lost() noexcept override { inbox_->notify_lost(); }

private:
    std::shared_ptr<inbox> inbox_;
};

}  // namespace

event_loop::event_loop()
    : inbox_(std::make_shared<inbox>()), executor_(std::make_shared<loop_executor>(inbox_)) {
    if (!poller_.add(inbox_->descriptor(), *inbox_, {.readable = true})) {
        throw std::system_error(errno, std::system_category(), "epoll");
    }
}

event_loop::~event_loop() {
    inbox_->close();
    drained_ = nullptr;  // the other loops may be gone
    for_each_connection(&connection::abort);
    free_retired();
}

// Every outbox that services get from a connection is one of ours.
event_loop& event_loop::of(outbox& lent) noexcept {
    return dynamic_cast<loop_outbox&>(lent).loop();
}

// Handles ready descriptors before timers and connections with input left, so that input that
// arrived in time counts.
void event_loop::run() noexcept {
    while (!finished_ && broken() == 0) run_once();
}

void event_loop::run_once() noexcept {
    poller_.wait(poll_timeout());
    now_ = std::chrono::steady_clock::now();
    poller_.dispatch([this] { count_thrown(); });
    run_due();
    if (broken() != 0) give_up();
    free_retired();
    if (!connectors_.empty()) free_connectors();
    if (measures_) counters_.loop_time.add(std::chrono::steady_clock::now() - now_);
}

void event_loop::add_to(loop_load& sum) const noexcept {
    for (const auto& one : connections_) one.add_to(sum);
}

void event_loop::run_here(const std::function<void()>& task) {
    now_ = std::chrono::steady_clock::now();
    task();
    run_changed();
    free_retired();
}

std::chrono::nanoseconds event_loop::poll_timeout() const {
    if (!soon_.empty() || !busy_.empty()) return std::chrono::nanoseconds(0);
    const auto next = std::min(timers_.next(), drain_until_);
    if (next == time_point::max()) return std::chrono::nanoseconds(-1);
    return std::max(next - std::chrono::steady_clock::now(), std::chrono::nanoseconds(0));
}

void event_loop::run_due() noexcept {
    run_changed();
    timers_.advance(now_, [this] { count_thrown(); });
    if (!busy_.empty()) run_busy();
    if (now_ >= drain_until_) abort();
}

void event_loop::run_changed() noexcept {
    if (inbox_->take_lost()) for_each_connection(&connection::check_link);
    list_by<soon_hook> now;
    now.swap(soon_);
    while (!now.empty()) {
        auto& one = now.front();
        now.pop_front();
        one.run_again();
    }
}

// Those that send much take turns, at least one in a round, and after each share it is seen
// whether others have come: their messages wait for a share, however many send.
void event_loop::run_busy() noexcept {
    const auto until = now_ + busy_share;
    while (!busy_.empty()) {
        auto& one = busy_.front();
        busy_.pop_front();
        one.run_again();
        if (std::chrono::steady_clock::now() >= until) return;
    }
}

void event_loop::finish() noexcept {
    post_urgent([this] { finished_ = true; });
}

// Within a handler.
void event_loop::count_thrown() noexcept {
    auto why = errc::io_failed;
    try {
        throw;
    } catch (const std::bad_alloc&) {
        why = errc::limit_memory;
        release_reserve();
    } catch (...) {
    }
    counters_.failed(why);
}

tl::expected<connection*, refusal> event_loop::open(const std::shared_ptr<connection_plan>& plan,
                                                    connected_socket socket) noexcept {
    const auto admitted = admit(*plan, socket.remote);
    if (!admitted) return tl::unexpected(admitted.error());
    prepare_connection(socket.descriptor.get(), plan->rules()->bounds.write_deadline);
    auto opened = make_connection(plan, std::move(socket), *admitted);
    if (!opened) {
        plan->addresses.remove(*admitted);
        plan->open.fetch_sub(1);
        return tl::unexpected(opened.error());
    }
    auto& one = *opened->release();
    connections_.push_back(one);
    one.open();
    if (draining_) one.drain();
    return &one;
}

// An exception of the service factory, or a failed allocation, ends this connection and no other.
tl::expected<std::unique_ptr<connection>, refusal> event_loop::make_connection(
    const std::shared_ptr<connection_plan>& plan, connected_socket socket,
    const address_key& host) noexcept {
    try {
        auto made = std::make_unique<connection>(*this, plan, std::move(socket), host);
        if (auto started = made->start(); !started) return tl::unexpected(started.error());
        return made;
    } catch (const std::bad_alloc&) {
        release_reserve();
        return tl::unexpected(refusal{errc::limit_memory});
    } catch (...) {
        return tl::unexpected(refusal{errc::io_failed});
    }
}

void event_loop::connect(address where, std::vector<socket_address> candidates,
                         std::chrono::milliseconds timeout, connector::callback then) {
    auto& one = connectors_.emplace_back(std::make_unique<connector>(
        poller_, timers_, std::move(where), std::move(candidates), timeout, std::move(then)));
    one->start();
}

void event_loop::drain(std::chrono::milliseconds at_most, std::function<void()> then) {
    draining_ = true;
    drained_ = std::move(then);
    drain_until_ = std::chrono::steady_clock::now() + at_most;
    for_each_connection(&connection::drain);
    end_if_drained();
}

void event_loop::when_empty(std::function<void()> then) {
    drained_ = std::move(then);
    end_if_drained();
}

void event_loop::abort() noexcept {
    drain_until_ = time_point::max();
    for_each_connection(draining_ ? &connection::cut_off : &connection::abort);
}

// Nobody would be notified of what its peer sends.
void event_loop::give_up() noexcept { for_each_connection(&connection::stop_waiting); }

void event_loop::remove_source() noexcept {
    --sources_;
    end_if_drained();
}

void event_loop::move_back(connection& one) noexcept {
    if (!one.connection_hook::is_linked()) return;
    connections_.splice(connections_.end(), connections_, connections_.iterator_to(one));
}

void event_loop::run_soon(connection& one, bool has_much) noexcept {
    (has_much ? busy_ : soon_).push_back(one);
}

bool event_loop::admits_tiny(std::uint64_t count, std::uint64_t per_second) noexcept {
    if (!tiny_) tiny_.emplace(per_second, now_);
    tiny_->spend_tiny(count);
    return tiny_->admits(now_);
}

void event_loop::retire(connection& one) noexcept {
    one.connection_hook::unlink();
    retired_.push_back(one);
    end_if_drained();
}

void event_loop::free_retired() { retired_.clear_and_dispose(std::default_delete<connection>()); }

void event_loop::free_connectors() {
    std::erase_if(connectors_, [](const auto& one) { return one->done(); });
}

void event_loop::end_if_drained() noexcept {
    if (drained_ && connections_.empty() && sources_ == 0)
        survive(std::exchange(drained_, nullptr));
}

// The action may remove this connection, but no other, from the list.
void event_loop::for_each_connection(void (connection::*action)() noexcept) noexcept {
    for (auto at = connections_.begin(); at != connections_.end();) {
        auto& one = *at;
        ++at;
        (one.*action)();
    }
}

}  // namespace framewire
