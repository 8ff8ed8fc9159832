#include "ledger.hpp"

#include "memory.hpp"

#include <fmt/format.h>
#include <string>
#include <utility>

namespace framewire::tests {
namespace {

// A round of a loop runs a connection at most so often: its descriptor, its input, its deadline,
// and as one of those that send much.
constexpr std::size_t cycles_max = 4;
constexpr std::size_t frames_per_cycle = 512;
constexpr nanoseconds frame_time(1'000);

// The address that the simulated system gives a peer is 10.x.y.z, for its number.
std::uint64_t link_of(const peer& who) {
    std::uint64_t number = 0;
    std::uint64_t part = 0;
    if (!who.remote.host.starts_with("10.")) return 0;
    for (const char letter : who.remote.host.substr(3) + ".") {
        if (letter == '.') {
            number = number * 256 + std::exchange(part, 0);
        } else {
            part = part * 10 + static_cast<std::uint64_t>(letter - '0');
        }
    }
    return number;
}

}  // namespace

class watched_service final : public service {
public:
    watched_service(ledger& to, peer who, std::unique_ptr<service> inner)
        : ledger_(to), who_(std::move(who)), inner_(std::move(inner)) {}
    ~watched_service() override {
        --ledger_.services_;
        ledger_.left_.erase(who_.id);
    }
    watched_service(const watched_service&) = delete;
    watched_service& operator=(const watched_service&) = delete;

    void opened(const peer& who, outbox& replies) override { inner_->opened(who, replies); }
    void receive(const piece& message, outbox& replies) override {
        if (message.first) ledger_.frame(who_);
        inner_->receive(message, replies);
    }
    std::size_t receive_run(const payload_run& messages, outbox& replies) override {
        const auto taken = inner_->receive_run(messages, replies);
        for (std::size_t i = 0; i < taken; ++i) ledger_.frame(who_);
        return taken;
    }
    void skipped(std::uint64_t size, outbox& replies) override { inner_->skipped(size, replies); }
    void writable(outbox& replies) override { inner_->writable(replies); }
    void peer_ended(outbox& replies) override { inner_->peer_ended(replies); }
    bool stopping(outbox& replies) override { return inner_->stopping(replies); }
    void left(const close_reason& why) override {
        ledger_.world_.require(!has_left_, "a service is told twice that its peer has left");
        has_left_ = true;
        {
            const allocating_for here(memory_owner::simulation);
            ledger_.left_.insert(who_.id);
        }
        inner_->left(why);
    }
    [[nodiscard]] bool streams() const noexcept override { return inner_->streams(); }

private:
    ledger& ledger_;
    peer who_;
    std::unique_ptr<service> inner_;
    bool has_left_ = false;
};

std::unique_ptr<service> ledger::watch(const peer& who, std::unique_ptr<service> inner) {
    {
        const allocating_for here(memory_owner::simulation);
        auto& one = at(who);
        world_.require(!one.has_service, "two services for one connection");
        one.has_service = true;
        one.link = link_of(who);
        if (one.link != 0) by_link_[one.link] = who.id;
    }
    ++services_;
    return std::make_unique<watched_service>(*this, who, std::move(inner));
}

void ledger::frame(const peer& who) {
    auto& one = at(who);
    ++one.frames;
    world_.spend(frame_time);
    if (std::exchange(one.turn, world_.turn()) != world_.turn()) one.frames_of_turn = 0;
    world_.require(++one.frames_of_turn <= cycles_max * frames_per_cycle + frames_per_cycle,
                   "a connection is served more frames in a turn than it may be");
}

void ledger::on(const peer& who, const occurrence& what) {
    const allocating_for here(memory_owner::simulation);
    if (const auto* const none = std::get_if<occurred::refused>(&what)) {
        ++refused_;
        world_.time.note("is refused", link_of(who), static_cast<std::int64_t>(none->why));
    } else if (std::holds_alternative<occurred::opened>(what)) {
        auto& one = at(who);
        world_.require(!std::exchange(one.opened, true), "a connection is opened twice");
    } else if (const auto* const end = std::get_if<occurred::closed>(&what)) {
        auto& one = at(who);
        world_.require(one.opened, "a connection is closed that was not opened");
        world_.require(!std::exchange(one.closed, true), "a connection is closed twice");
        one.why = end->why.what;
        one.when = world_.time.now();
        if (end->why.error != nullptr) one.error = end->why.error->code;
        world_.time.note("closed, says the server, for", one.link,
                         one.error ? static_cast<std::int64_t>(*one.error) : 0);
    }
}

void ledger::check_turn() const {
    for (const auto id : left_) {
        const auto link = entries_.at(id).link;
        world_.require(link == 0 || world_.network.at(link)->kept.ended < nanoseconds(0),
                       "a connection that is closed is not destroyed");
    }
}

void ledger::check_end(const server_statistics& counted) const {
    std::uint64_t accepted = 0;
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
    for (const auto& one : world_.network.links()) {
        const auto& kept = one->kept;
        if (kept.accepted >= nanoseconds(0)) ++accepted;
        received += link::account::total(kept.received);
        sent += link::account::total(kept.sent);
        world_.require(kept.accepted < nanoseconds(0) || kept.ended >= nanoseconds(0),
                       "a connection has never ended");
    }
    std::uint64_t failed = 0;
    for (const auto& [id, one] : entries_) {
        if (one.error) ++failed;
        world_.require(one.opened == one.closed, "a connection was opened and not closed");
    }
    std::uint64_t failures = 0;
    for (const auto count : counted.failures) failures += count;
    world_.require(counted.accepted == accepted, "not all that was accepted is counted");
    world_.require(counted.open == 0, "connections are open after the end");
    // What is discarded after our end is not counted.
    world_.require(counted.bytes_received <= received, "bytes are counted that never came");
    world_.require(counted.bytes_sent == sent, "bytes are sent and not counted");
    world_.require(failures == failed + refused_, "a failure is not counted, or counted twice");
    world_.require(services_ == 0, "a service has outlived its connection");
}

const ledger::entry* ledger::of(std::uint64_t link) const {
    const auto found = by_link_.find(link);
    return found == by_link_.end() ? nullptr : &entries_.at(found->second);
}

}  // namespace framewire::tests
