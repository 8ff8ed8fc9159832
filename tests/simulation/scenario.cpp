#include "scenario.hpp"

#include "framewire/net/server.hpp"
#include "memory.hpp"

#include <fmt/format.h>
#include <chrono>
#include <utility>

namespace framewire::tests {

using std::chrono::milliseconds;
using std::chrono::seconds;

scenario::scenario(std::uint64_t seed)
    : world_(seed),
      form_{"digits:10", wire_form::length::decimal, 300, "00000+0005"},
      ledger_(world_, world_.random.one_in(4)) {
    world_.check_turn = [this] { ledger_.check_turn(); };
    settings_.observer = &ledger_;
    settings_.drain = milliseconds(world_.random.between(100, 10'000));
    ends_ =
        world_.time.now() +
        (world_.random.one_in(2) ? seconds(200) : nanoseconds(world_.random.below(3'000'000'000)));
}

void scenario::serve() {
    auto listening =
        server::listen("127.0.0.1:7000", form_.spec, service_factory([this](const peer& who) {
                           return ledger_.watch(who, (*make_service("echo"))(who));
                       }),
                       settings_);
    world_.require(listening.has_value(), "the server cannot listen");
    {
        const allocating_for here(memory_owner::simulation);
        world_.system.begin();
        world_.time.at(ends_, [this, &one = *listening] { stop(one); });
    }
    listening->run();
    const allocating_for here(memory_owner::simulation);
    has_ended_ = world_.time.now();
    ledger_.check_end(listening->statistics());
}

void scenario::stop(server& one) {
    world_.time.note("the server is told to stop", 0);
    world_.stopping = true;
    const allocating_for product(memory_owner::product);
    one.stop();
}

void scenario::add_peers() {
    const auto count = world_.random.below(12);
    for (std::size_t i = 0; i < count; ++i) {
        add_peer(world_.time.now() + nanoseconds(world_.random.below(2'000'000'000)));
    }
}

void scenario::add_peer(nanoseconds begins) {
    auto& random = world_.random;
    peer_habits habits{.name = "prompt"};
    habits.in_flight = random.one_of<std::size_t>({1, 2, 1'000});
    habits.think = milliseconds(random.below(100));
    if (random.one_in(3)) {
        habits.name = "resets";
        habits.honest = false;
        habits.ends = peer_habits::ending::reset;
        habits.ends_unanswered = true;
        habits.sends_max = random.below(500);
    }
    conversation says;
    const auto count = random.below(20);
    for (std::size_t i = 0; i < count; ++i) {
        says.add(random_payload(random, random.below(form_.payload_max)), form_,
                 [](const std::string& payload) { return payload; });
    }
    auto& one =
        *peers_.emplace_back(std::make_unique<simulated_peer>(world_, habits, std::move(says)));
    world_.time.at(begins, [&one] { one.connect(7000); });
}

void scenario::check_peer(const simulated_peer& one) const {
    if (!one.link()) return;
    const auto violated = [&](std::string_view what) {
        world_.violated(
            fmt::format("peer {} ({}): {}", one.link()->number(), one.habits().name, what));
    };
    if (one.how() == simulated_peer::outcome::waiting) violated("it waits for ever");
    const bool excused = !one.habits().honest || one.link()->kept.spoiled || world_.stopping;
    if (!excused && !one.has_everything()) violated("it did not get all that it is owed");
}

void scenario::run() {
    const auto before = product_bytes();
    add_peers();
    world_.threads.start([this] { serve(); });
    world_.run();
    world_.require(world_.threads.waiting() == 0, "the server never ends");
    world_.require(has_ended_ <= ends_ + settings_.drain + seconds(2),
                   "the server does not end in time");
    world_.require(world_.files.count() == 0, "a descriptor is never closed");
    for (const auto& one : peers_) check_peer(*one);
    if (world_.seed != 0 && product_bytes() != before) {
        world_.violated(fmt::format("{} bytes are never freed", product_bytes() - before));
    }
}

}  // namespace framewire::tests
