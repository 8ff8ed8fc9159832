#include "simulated_peer.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cerrno>
#include <string_view>
#include <vector>

namespace framewire::tests {

using side = framewire::tests::link;

void simulated_peer::connect(std::uint16_t port) {
    link_ = world_.network.connect(port, nanoseconds(1'000 + world_.random.below(2'000'000)));
    if (!link_) {
        outcome_ = outcome::refused;
        return;
    }
    link_->notify(side::theirs, [this] { changed(); });
    changed();
}

void simulated_peer::changed() {
    if (outcome_ != outcome::waiting) return;
    if (!reads_soon_ && habits_.reads) {
        reads_soon_ = true;
        world_.time.after(up_to(habits_.read_pause), [this] { read(); });
    }
    if (!writes_soon_ && sent_ < may_send()) {
        writes_soon_ = true;
        world_.time.after(up_to(habits_.think), [this] { write(); });
    }
    end_if_done();
}

nanoseconds simulated_peer::up_to(nanoseconds most) {
    return nanoseconds(world_.random.below(static_cast<std::size_t>(most.count()) + 1));
}

std::size_t simulated_peer::may_send() const noexcept {
    const auto& all = says_.exchanges;
    const auto next = answered_ + habits_.in_flight;
    const auto most = next > all.size() || all.empty() ? says_.sends.size() : all[next - 1].sent;
    return std::min(most, habits_.sends_max);
}

void simulated_peer::write() {
    writes_soon_ = false;
    if (outcome_ != outcome::waiting) return;
    const auto most = may_send();
    if (sent_ < most) {
        const auto size = std::min(most - sent_, 1 + world_.random.below(habits_.chunk_max));
        const auto taken =
            link_->write(side::theirs, std::string_view(says_.sends).substr(sent_, size));
        if (taken == -EAGAIN) return;
        if (taken < 0) return;  // the reader learns of it
        sent_ += static_cast<std::size_t>(taken);
        world_.time.note("has sent", link_->number(), static_cast<std::int64_t>(sent_));
    }
    if (sent_ < may_send()) {
        writes_soon_ = true;
        world_.time.after(up_to(habits_.chunk_pause), [this] { write(); });
    }
    end_if_done();
}

void simulated_peer::read() {
    reads_soon_ = false;
    if (outcome_ != outcome::waiting) return;
    std::vector<char> buffer(habits_.read_max);
    const auto size = link_->read(side::theirs, buffer.data(), buffer.size());
    if (size == -EAGAIN) return;
    if (size == 0) return end(outcome::ended);
    if (size < 0) return end(outcome::reset);
    check({buffer.data(), static_cast<std::size_t>(size)});
    changed();
}

void simulated_peer::check(std::string_view data) {
    const auto expected = std::string_view(says_.owed).substr(received_, data.size());
    if (data != expected) {
        world_.violated(fmt::format("peer {} ({}) got other bytes than it is owed, at {}",
                                    link_->number(), habits_.name, received_));
    }
    received_ += data.size();
    if (received_ > says_.owed_after(sent_)) {
        world_.violated(fmt::format("peer {} ({}) got a reply before it had asked",
                                    link_->number(), habits_.name));
    }
    const auto& all = says_.exchanges;
    while (answered_ < all.size() && all[answered_].owed <= received_ &&
           all[answered_].sent <= sent_) {
        ++answered_;
    }
}

void simulated_peer::end_if_done() {
    if (outcome_ != outcome::waiting || has_ended_) return;
    if (sent_ < std::min(says_.sends.size(), habits_.sends_max)) return;
    if (!habits_.ends_unanswered && received_ < says_.owed_after(sent_)) return;
    has_ended_ = true;
    switch (habits_.ends) {
        case peer_habits::ending::stay: return;
        case peer_habits::ending::half_close: link_->shut(side::theirs); return;
        case peer_habits::ending::vanish: link_->cut(); return;
        case peer_habits::ending::close:
        case peer_habits::ending::reset: return end(outcome::left);
    }
}

void simulated_peer::end(outcome how) {
    outcome_ = how;
    world_.time.note(how == outcome::left    ? "leaves"
                     : how == outcome::reset ? "was reset"
                                             : "reads the end",
                     link_->number(), static_cast<std::int64_t>(received_));
    link_->close(side::theirs, habits_.ends == peer_habits::ending::reset);
}

}  // namespace framewire::tests
