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
    world_.time.note(habits_.name.data(), link_->number());
    link_->notify(side::theirs, [this] { changed(); });
    changed();
}

void simulated_peer::changed() {
    if (outcome_ != outcome::waiting) return;
    if (!habits_.reads && link_->is_reset(side::theirs)) return end(outcome::reset);
    if (!reads_soon_ && habits_.reads) {
        reads_soon_ = true;
        world_.time.after(up_to(habits_.read_pause), [this] { read(); });
    }
    if (!writes_soon_ && sent_ < may_send()) {
        writes_soon_ = true;
        const auto* const frame = says_.frame_at(sent_);
        const bool begins = frame == nullptr || frame->begins == sent_;
        const auto pause = begins ? habits_.think : habits_.chunk_pause;
        world_.time.after(up_to(pause), [this] { write(); });
    }
    end_if_done();
}

nanoseconds simulated_peer::up_to(nanoseconds most) {
    return nanoseconds(world_.random.below(static_cast<std::size_t>(most.count()) + 1));
}

std::size_t simulated_peer::may_send() {
    const auto& exchanges = says_.exchanges;
    const auto next = got_.answered(sent_) + habits_.in_flight;
    if (next > exchanges.size() || exchanges.empty()) return all();
    return std::min(exchanges[next - 1].sent, habits_.sends_max);
}

void simulated_peer::write() {
    writes_soon_ = false;
    if (outcome_ != outcome::waiting) return;
    const auto most = may_send();
    if (sent_ < most) {
        const auto size = std::min(most - sent_, 1 + world_.random.below(habits_.chunk_max));
        const auto taken =
            link_->write(side::theirs, std::string_view(says_.sends).substr(sent_, size));
        // Of an error the reader learns; a peer that does not read has no use for it.
        if (taken < 0) return taken == -EAGAIN || habits_.reads ? void() : end(outcome::reset);
        sent_ += static_cast<std::size_t>(taken);
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
    std::vector<char> buffer(std::min(habits_.read_max, link_->unread(side::theirs)) + 1);
    const auto size = link_->read(side::theirs, buffer.data(), buffer.size());
    if (size == -EAGAIN) return;
    if (size == 0) return end(outcome::ended);
    if (size < 0) return end(outcome::reset);
    const auto wrong = got_.take({buffer.data(), static_cast<std::size_t>(size)}, sent_);
    if (!wrong.empty()) {
        world_.violated(fmt::format("peer {} ({}): {}, at {}", link_->number(), habits_.name,
                                    wrong, got_.bytes()));
    }
    changed();
}

void simulated_peer::end_if_done() {
    if (outcome_ != outcome::waiting || has_ended_ || sent_ < all()) return;
    if (!habits_.ends_unanswered && !got_.has_all_after(sent_)) return;
    has_ended_ = true;
    switch (habits_.ends) {
        case peer_habits::ending::stay: return;
        case peer_habits::ending::half_close: link_->shut(side::theirs); return;
        case peer_habits::ending::vanish:
            link_->cut();
            outcome_ = outcome::vanished;
            return;
        case peer_habits::ending::close:
        case peer_habits::ending::reset: return end(outcome::left);
    }
}

void simulated_peer::end(outcome how) {
    outcome_ = how;
    world_.time.note(how == outcome::left    ? "leaves"
                     : how == outcome::reset ? "was reset"
                                             : "reads the end",
                     link_->number(), static_cast<std::int64_t>(got_.bytes()));
    link_->close(side::theirs, habits_.ends == peer_habits::ending::reset);
}

}  // namespace framewire::tests
