#include "scenario.hpp"

#include "deadline_check.hpp"
#include "framewire/core/units.hpp"
#include "framewire/net/server.hpp"
#include "memory.hpp"
#include "random_peer.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <utility>

namespace framewire::tests {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr milliseconds listens_after(1);

}  // namespace

scenario::scenario(std::uint64_t seed)
    : world_(seed),
      form_(random_form(world_.random)),
      served_(random_service(world_)),
      ledger_(world_, world_.random.one_in(4)) {
    auto& random = world_.random;
    world_.title = fmt::format("{}, {}", form_.spec, served_.name);
    world_.check_turn = [this] {
        ledger_.check_turn();
        check_memory();
    };
    choose_limits();
    settings_.observer = &ledger_;
    settings_.threads = random.one_of({1U, 1U, 1U, 3U});
    settings_.drain = milliseconds(random.between(100, 10'000));
    if (random.one_in(10)) settings_.connections_max = random.between<std::size_t>(1, 10);
    ends_ = world_.time.now() +
            (random.one_in(2) ? seconds(200) : nanoseconds(random.below(3'000'000'000)));
    // A client may then be told that its connection is over.
    world_.may_refuse = world_.system.is_bad() || settings_.connections_max < 100 ||
                        settings_.limits.assembled_bytes_max < 200;
}

void scenario::choose_limits() {
    auto& random = world_.random;
    auto& bounds = settings_.limits;
    bounds.assembled_bytes_max = random.one_of<std::uint64_t>({100, 5'000, 16 * MiB});
    bounds.queued_bytes_max = random.one_of<std::size_t>({1, 1'000, 20'000, 256 * KiB});
    bounds.deferred_max = random.one_of<std::size_t>({1, 3, 64});
    bounds.header_deadline = milliseconds(random.between(500, 8'000));
    bounds.body_deadline = milliseconds(random.between(500, 40'000));
    bounds.write_deadline = milliseconds(random.between(1'000, 40'000));
    bounds.tiny_frames_per_second_max = random.one_of<std::uint64_t>({0, 300, 1'000'000});
    bounds.idle_deadline = milliseconds(random.one_in(2) ? 0 : random.between(1'000, 20'000));
}

void scenario::serve() {
    // A room keeps what it needs to reach its members: here it ends with the server.
    auto listening = server::listen(
        "127.0.0.1:7000", form_.spec,
        service_factory(
            [this, make = std::exchange(served_.make, service_factory([] { return nullptr; }))](
                const peer& who) { return ledger_.watch(who, make(who)); }),
        settings_);
    world_.require(listening.has_value(), "the server cannot listen");
    {
        const allocating_for here(memory_owner::simulation);
        world_.system.begin();
        idle_bytes_ = product_bytes();
        world_.time.at(ends_, [this, &one = *listening] { stop(one); });
    }
    listening->run();
    const allocating_for here(memory_owner::simulation);
    has_ended_ = world_.time.now();
    ledger_.check_end(listening->statistics());
}

void scenario::stop(server& one) {
    world_.time.note("the server is told to stop", 0);
    check_quiet();
    for (auto& [peer, owed_at_stop] : peers_) {
        if (peer->link()) owed_at_stop = static_cast<std::size_t>(peer->link()->kept.arrived);
    }
    world_.stopping = true;
    world_.files.limit(100'000);
    const allocating_for product(memory_owner::product);
    one.stop();
}

// A server without connections needs what it needed at first, and keeps one buffer for each loop.
void scenario::check_quiet() const {
    const bool quiet = std::ranges::all_of(
        world_.network.links(), [](const auto& one) { return one->kept.ended >= nanoseconds(0); });
    if (quiet && clients_.empty() &&
        product_bytes() > idle_bytes_ + settings_.threads * (1 * MiB + 4 * KiB)) {
        world_.violated(
            fmt::format("{} bytes are kept without a connection", product_bytes() - idle_bytes_));
    }
}

// What is held for a connection follows from what came, and from the bounds of its queue.
void scenario::check_memory() const {
    constexpr std::size_t for_each = 8 * KiB;
    constexpr std::size_t receive_bytes = 256 * KiB;
    auto most = idle_bytes_ + settings_.threads * (1 * MiB + 4 * KiB);
    for (const auto& one : world_.network.links()) {
        if (one->kept.accepted < nanoseconds(0) || one->kept.ended >= nanoseconds(0)) continue;
        const auto came = link::account::total(one->kept.received);
        const auto held = std::min<std::size_t>(came, receive_bytes + largest_payload_);
        const auto queued = std::min<std::size_t>(
            came + for_each, settings_.limits.queued_bytes_max + largest_payload_ + 20'000);
        most += for_each + 3 * held + 3 * queued;
    }
    if (idle_bytes_ != 0 && clients_.empty() && !served_.relays && product_bytes() > most) {
        world_.violated(fmt::format("{} bytes are held, and at most {} may be",
                                    product_bytes() - idle_bytes_, most - idle_bytes_));
    }
}

// No descriptor is left for a while; those that are open stay.
void scenario::add_droughts() {
    auto& random = world_.random;
    for (auto count = random.one_in(4) ? random.below(4) : 0; count > 0; --count) {
        world_.may_refuse = true;
        const auto begins = world_.time.now() + nanoseconds(random.below(3'000'000'000));
        const auto lasts = nanoseconds(random.below(1'000'000'000));
        world_.time.at(begins, [this] {
            if (world_.stopping) return;
            world_.time.note("no descriptor is left", 0);
            world_.files.limit(world_.files.count());
        });
        world_.time.at(begins + lasts, [this] { world_.files.limit(100'000); });
    }
}

void scenario::add_peers() {
    auto& random = world_.random;
    const bool storms = random.one_in(60);
    const auto count = storms ? 100 : 1 + random.below(random.one_of<std::size_t>({3, 14}));
    const auto span = storms ? 1 : random.one_of<std::size_t>({1, 50'000'000, 2'000'000'000});
    for (std::size_t i = 0; i < count; ++i) {
        add_peer(world_.time.now() + listens_after + nanoseconds(random.below(span)), storms);
    }
}

void scenario::add_peer(nanoseconds begins, bool crowd) {
    auto [habits, says] = make_random_peer(world_.random, {.form = form_,
                                                           .served = served_,
                                                           .bounds = settings_.limits,
                                                           .number = peers_.size(),
                                                           .crowd = crowd});
    for (const auto& one : says.exchanges) {
        largest_payload_ = std::max(largest_payload_, one.sent - one.begins);
    }
    const auto rule = served_.relays     ? receipt::rule::relayed
                      : served_.streams  ? receipt::rule::streamed
                      : served_.pushes   ? receipt::rule::pushes
                      : served_.in_order ? receipt::rule::stream
                                         : receipt::rule::unordered;
    auto& one = *peers_
                     .emplace_back(std::make_unique<simulated_peer>(world_, habits,
                                                                    std::move(says), form_, rule))
                     .peer;
    world_.time.at(begins, [&one] { one.connect(7000); });
}

// Programs of ours, if they could check what they get.
void scenario::add_clients() {
    const bool replies = served_.in_order && !served_.pushes && !served_.skips;
    if (!replies || !world_.random.one_in(4)) return;
    for (auto count = 1 + world_.random.below(3); count > 0; --count) {
        auto& one = *clients_.emplace_back(std::make_unique<client_peer>(world_, form_, served_));
        world_.threads.start([&one] { one.run(); });
    }
}

void scenario::check_peer(const one_peer& one) const {
    const auto& peer = *one.peer;
    if (!peer.link()) return;
    const auto violated = [&](std::string_view what) {
        world_.violated(
            fmt::format("peer {} ({}): {}", peer.link()->number(), peer.habits().name, what));
    };
    const auto& kept = peer.link()->kept;
    if (peer.habits().reads && peer.how() == simulated_peer::outcome::waiting) {
        violated("it waits for ever");
    }
    if (kept.accepted < nanoseconds(0) && peer.link()->began() < ends_ &&
        has_ended_ < ends_ + settings_.drain) {
        violated("it was never accepted");
    }
    const auto* const known = ledger_.of(peer.link()->number());
    if (kept.spoiled || known == nullptr) return;
    const deadline_check deadlines(world_, settings_, peer, *known);
    const auto wrong = deadlines.wrong();
    if (!wrong.empty()) violated(wrong);
    // What is told to be closed was sent; a reset may still erase it where input was left.
    const bool was_cut_off = known->when >= ends_ + settings_.drain || kept.unread > 0;
    if (!peer.habits().honest || was_cut_off) return;
    auto served = kept.ended < ends_ ? peer.says().sends.size() : one.owed_at_stop;
    // Where turns are late, a peer that sends a byte at a time may be slower than the least rate
    // (`deadline_check` makes sure of it). Its last frame is refused; those before are answered.
    if (known->error == errc::io_timeout_body) {
        served = std::min(served, static_cast<std::size_t>(deadlines.received()));
    }
    if (!peer.got().has_all_after(served)) violated("it did not get all that it is owed");
}

void scenario::run() {
    const auto before = product_bytes();
    add_peers();
    add_droughts();
    world_.threads.start([this] { serve(); });
    add_clients();
    world_.run();
    world_.require(world_.threads.waiting() == 0, "the server never ends");
    world_.require(has_ended_ <= ends_ + settings_.drain + seconds(1),
                   "the server does not end in time");
    world_.require(world_.files.count() == 0, "a descriptor is never closed");
    for (const auto& one : peers_) check_peer(one);
    if (world_.seed != 0 && product_bytes() != before) {
        world_.violated(fmt::format("{} bytes are never freed", product_bytes() - before));
    }
}

}  // namespace framewire::tests
