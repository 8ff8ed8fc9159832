#include "link.hpp"

#include "world.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace framewire::tests {

link::link(world& in, std::uint64_t number, nanoseconds latency, std::size_t sent_max,
           std::size_t arrived_max)
    : world_(in),
      number_(number),
      began_(in.time.now()),
      latency_(latency),
      sent_max_(sent_max),
      arrived_max_(arrived_max) {}

ssize_t link::write(side by, std::string_view data) {
    auto& own = at(by);
    if (own.error != 0) return -take_error(by);
    if (own.shut || own.reset) return -EPIPE;
    const auto taken = std::min(data.size(), sent_max_ - own.sent.size());
    if (taken == 0) return -EAGAIN;
    own.sent += data.substr(0, taken);
    move_soon(by);
    return static_cast<ssize_t>(taken);
}

ssize_t link::read(side by, char* buffer, std::size_t size) {
    auto& own = at(by);
    if (own.arrived.empty()) {
        if (own.error != 0) return -take_error(by);
        return own.end_arrived || own.reset ? 0 : -EAGAIN;
    }
    const auto taken = std::min(size, own.arrived.size());
    std::memcpy(buffer, own.arrived.data(), taken);
    own.arrived.erase(0, taken);
    move_soon(other(by));
    return static_cast<ssize_t>(taken);
}

int link::shut(side by) {
    auto& own = at(by);
    if (own.reset) return -ENOTCONN;
    own.shut = true;
    move_soon(by);
    return 0;
}

void link::close(side by, bool resets) {
    auto& own = at(by);
    own.closed = true;
    own.changed = nullptr;
    if (own.reset) return;
    if (resets || !own.arrived.empty()) {
        own.reset = true;
        own.sent.clear();
        own.arrived.clear();
        if (is_cut_) return;
        world_.time.after(latency_, [self = shared_from_this(), to = other(by)] {
            if (!self->is_cut_) self->reset(to, ECONNRESET);
        });
        return;
    }
    own.shut = true;
    move_soon(by);
}

// A system that gets a reset may discard what was received and not read.
void link::reset(side at_side, int error) {
    auto& own = at(at_side);
    if (own.reset) return;
    own.reset = true;
    own.sent.clear();
    if (at_side == theirs || world_.random.one_in(2)) own.arrived.clear();
    if (!own.closed) own.error = error;
    changed(own);
}

// A system that asks for it notices within a minute, unless something is on its way; and otherwise
// after a quarter of an hour.
void link::cut() {
    using std::chrono::seconds;
    is_cut_ = true;
    auto delay = nanoseconds(seconds(924));
    if (!at(ours).sent.empty()) {
        if (kept.user_timeout > nanoseconds(0)) delay = kept.user_timeout;
    } else if (kept.keeps_alive) {
        delay = seconds(60);
    }
    kept.given_up = world_.time.now() + delay;
    world_.time.at(kept.given_up, [self = shared_from_this()] {
        if (self->is_open(ours)) self->fail(ours, ETIMEDOUT);
    });
}

void link::fail(side at_side, int error) {
    is_cut_ = true;
    reset(at_side, error);
}

void link::move_soon(side from) {
    auto& own = at(from);
    if (own.moves || is_cut_ || own.reset) return;
    const auto& to = at(other(from));
    const bool ends = own.shut && !to.end_arrived;
    if (own.sent.empty() ? !ends : to.arrived.size() >= arrived_max_) return;
    own.moves = true;
    world_.time.after(latency_ + nanoseconds(world_.random.below(1'000)),
                      [self = shared_from_this(), from] { self->move(from); });
}

void link::move(side from) {
    auto& own = at(from);
    auto& to = at(other(from));
    own.moves = false;
    if (is_cut_ || own.reset || to.reset) return;
    if (to.closed && !own.sent.empty()) {
        // Nobody is there to read it.
        to.reset = true;
        return reset(from, ECONNRESET);
    }
    auto size =
        std::min(own.sent.size(), arrived_max_ - std::min(arrived_max_, to.arrived.size()));
    if (size > 1 && world_.random.one_in(4)) size = 1 + world_.random.below(size);
    to.arrived.append(own.sent, 0, size);
    own.sent.erase(0, size);
    if (from == theirs) kept.arrived += size;
    if (own.sent.empty() && own.shut) to.end_arrived = true;
    changed(to);
    if (size > 0) changed(own);
    move_soon(from);
}

bool link::readable(side by) const noexcept {
    const auto& own = at(by);
    return !own.arrived.empty() || own.end_arrived || own.reset || own.error != 0;
}

// Linux says so once a third of the buffer is free.
bool link::writable(side by) const noexcept {
    const auto& own = at(by);
    return own.reset || own.error != 0 || (sent_max_ - own.sent.size()) * 3 >= sent_max_;
}

bool link::is_over(side by) const noexcept {
    const auto& own = at(by);
    return own.reset || (own.shut && own.end_arrived);
}

}  // namespace framewire::tests
