#include "nats_worker.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <system_error>
#include <utility>

namespace framewire {
namespace {

// How much waits for answers: enough for the fastest network, little enough to send again.
constexpr std::size_t sent_max = 1'024;
constexpr std::size_t sent_bytes_max = 8 * MiB;

// A commit costs as much as one of ours, so many messages are deleted at a time.
constexpr std::chrono::milliseconds drop_period{100};
constexpr std::chrono::milliseconds idle_period{1'000};

constexpr std::chrono::milliseconds pause_min{100};
constexpr std::chrono::milliseconds pause_max{2'000};
// At the end, for answers that are due and for what they allow to delete.
constexpr std::chrono::milliseconds finish_max{1'000};

// Until a server says otherwise: what it takes by default.
constexpr std::size_t payload_bytes_assumed = 1 * MiB;

failure failure_of(const nats_refusal& why) { return {why.words, why.hint}; }

}  // namespace

void nats_worker::bell::ring() {
    {
        const std::lock_guard lock(mutex);
        has_rung = true;
    }
    rung.notify_one();
}

nats_worker::nats_worker(shared with, std::shared_ptr<store> outbox, outbox_memory memory)
    : with_(std::move(with)),
      outbox_(std::move(outbox)),
      memory_(std::move(memory)),
      reader_(outbox_, [bell = bell_] { bell->ring(); }),
      confirmed_(memory_.first - 1),
      dropped_{{}, {}, confirmed_, memory_.sequence},
      read_(confirmed_),
      sequence_(memory_.sequence) {
    shown_.backlog = confirmed_;
}

result<std::unique_ptr<nats_worker>> nats_worker::start(shared with,
                                                        std::shared_ptr<store> outbox) {
    auto memory = outbox_reader::remember(*outbox, with.accepts_loss);
    if (!memory) return tl::unexpected(failure{memory.error().words});
    *with.payload_bytes_max = payload_bytes_assumed;
    std::unique_ptr<nats_worker> made(
        new nats_worker(std::move(with), std::move(outbox), std::move(*memory)));
    const auto& target = made->with_.target;
    auto publisher =
        nats_publisher::open(target.servers, {target.stream, target.replicas}, made->memory_.node,
                             [bell = made->bell_] { bell->ring(); });
    if (!publisher) return tl::unexpected(publisher.error());
    made->publisher_ = std::move(*publisher);
    if (auto begun = made->publisher_->begin(); !begun) {
        return tl::unexpected(failure_of(begun.error()));
    }
    // A stream that is wrong is best known at once; one that cannot be asked may be right.
    if (made->publisher_->connection().is_connected()) {
        const auto done = made->prepare();
        if (!done && done.error().is_final) return tl::unexpected(failure_of(done.error()));
        if (!done) made->note_failed({errc::store_busy, done.error().words});
    }
    made->note_connection();
    try {
        made->thread_ = std::thread([worker = made.get()] { worker->work(); });
    } catch (const std::system_error& thrown) {
        return tl::unexpected(failure{fmt::format("cannot start a thread: {}", thrown.what())});
    }
    return made;
}

nats_worker::~nats_worker() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(bell_->mutex);
        bell_->stops = true;
    }
    bell_->ring();
    thread_.join();
}

nats_statistics nats_worker::statistics() const {
    const auto next = outbox_->statistics().next;
    const std::lock_guard lock(mutex_);
    auto shown = shown_;
    shown.backlog = next - 1 - std::min(next - 1, shown.backlog);
    shown.waiting_replies = with_.held->size();
    return shown;
}

void nats_worker::work() {
    while (!wait()) {
        take_outcomes();
        note_connection();
        try_to_prepare();
        if (is_ready_) forward();
        drop_what_is_stored();
    }
    finish();
}

// True if it is to stop.
bool nats_worker::wait() {
    auto most = clock::now() + idle_period;
    if (!is_ready_) most = std::min(most, std::max(retry_at_, clock::now() + pause_min));
    if (!kept_.empty() && !reader_.is_dropping()) {
        most = std::min(
            most, std::max(kept_.front().at + with_.target.linger, dropped_at_ + drop_period));
    }
    std::unique_lock lock(bell_->mutex);
    is_idle_ = !bell_->rung.wait_until(lock, most, [this] { return bell_->has_rung; });
    bell_->has_rung = false;
    return bell_->stops;
}

void nats_worker::take_outcomes() {
    for (auto& one : publisher_->take_outcomes()) take_outcome(std::move(one));
    advance();
    if (const auto failed = reader_.take_failure()) note_failed(*failed);
}

// Of one that was published before we began anew, only success matters, unless it was lost since.
void nats_worker::take_outcome(nats_outcome one) {
    const auto found = outstanding_.find(one.message.get());
    if (found == outstanding_.end()) return;
    const auto sent = found->second;
    outstanding_.erase(found);
    if (sent.round == round_) {
        --sent_count_;
        sent_bytes_ -= sent.size;
    }
    const bool is_stale = sent.round != round_;
    if (one.sequence > 0) return take_success(sent, one, is_stale);
    if (is_stale) return;
    {
        const std::lock_guard lock(mutex_);
        ++shown_.failed;
        shown_.full += one.is_full ? 1 : 0;
    }
    const auto stream = with_.target.stream;
    note_failed(one.is_full
                    ? store_failure{errc::store_full,
                                    fmt::format("the stream {} is full: {}", stream, one.words)}
                    : store_failure{errc::store_busy,
                                    fmt::format("the stream {} did not take a message: {}", stream,
                                                one.words)});
}

void nats_worker::take_success(const place& sent, const nats_outcome& one, bool is_stale) {
    if (sent.offset <= confirmed_ || (is_stale && one.sequence > last_sequence_)) return;
    if (!is_stale && !one.is_duplicate && one.sequence <= sequence_) {
        has_gone_back_ = true;
        return note_failed({errc::store_corrupt, "the numbers of the stream have gone back"});
    }
    stored_[sent.offset] = one.sequence;
    const std::lock_guard lock(mutex_);
    shown_.repeated += one.is_duplicate ? 1 : 0;
}

void nats_worker::advance() {
    const auto before = confirmed_;
    while (!stored_.empty() && stored_.begin()->first == confirmed_ + 1) {
        sequence_ = std::max(sequence_, stored_.begin()->second);
        ++confirmed_;
        stored_.erase(stored_.begin());
    }
    if (confirmed_ == before) return;
    pause_ = pause_min;
    while (!first_sent_.empty() && first_sent_.front().offset <= confirmed_) {
        first_sent_.pop_front();
    }
    keep(clock::now());
    with_.held->give_until(confirmed_);
    const std::lock_guard lock(mutex_);
    shown_.forwarded += confirmed_ - before;
    shown_.backlog = confirmed_;  // of which `statistics` makes a difference
}

void nats_worker::forward() {
    if (next_.empty()) next_ = reader_.take();
    while (!next_.empty() && is_ready_ && sent_count_ < sent_max && sent_bytes_ < sent_bytes_max) {
        auto one = std::move(next_.front());
        next_.pop_front();
        read_ = one.offset;
        if (one.offset > confirmed_ && !stored_.contains(one.offset)) publish(std::move(one));
    }
    // Too many who wait for messages: the store has forgotten us.
    if (is_idle_ && outbox_->statistics().next > read_ + 1) reader_.forget();
    if (next_.empty() && is_ready_) reader_.read(read_ + 1, publisher_);
    advance();
}

void nats_worker::publish(outgoing one) {
    const auto* const key = one.message.get();
    outstanding_.emplace(key, place{one.offset, one.size, round_});
    const auto done = publisher_->publish(std::move(one.message));
    if (one.offset > sent_until_) {
        const auto now = clock::now();
        sent_until_ = one.offset;
        if (first_sent_.empty() || now > first_sent_.back().since + idle_period) {
            first_sent_.push_back({now});
        }
        first_sent_.back().offset = one.offset;
    }
    if (done) {
        ++sent_count_;
        sent_bytes_ += one.size;
        return;
    }
    outstanding_.erase(key);
    {
        const std::lock_guard lock(mutex_);
        ++shown_.failed;
    }
    note_failed({errc::store_busy, done.error().words});
}

// Those that are confirmed at about the same time are deleted together.
void nats_worker::keep(clock::time_point now) {
    const auto share = std::max<clock::duration>(with_.target.linger / 32, drop_period);
    if (kept_.empty() || now > kept_.back().since + share) kept_.push_back({now});
    kept_.back().at = now;
    kept_.back().offset = confirmed_;
    kept_.back().sequence = sequence_;
}

void nats_worker::drop_what_is_stored() {
    const auto now = clock::now();
    if (now < dropped_at_ + drop_period || reader_.is_dropping()) return;
    const auto ripe = std::ranges::find_if(
        kept_, [&](const kept& one) { return now < one.at + with_.target.linger; });
    if (ripe == kept_.begin()) return;
    dropped_ = *std::prev(ripe);
    kept_.erase(kept_.begin(), ripe);
    dropped_at_ = now;
    reader_.drop(dropped_.offset, dropped_.sequence);
}

// What is not deleted by then will be found in the stream by the next start.
void nats_worker::finish() {
    const auto most = clock::now() + finish_max;
    while (publisher_->connection().is_connected() && clock::now() < most) {
        take_outcomes();
        const bool is_done = kept_.empty() || with_.target.linger.count() > 0;
        if (sent_count_ == 0 && is_done && !reader_.is_dropping()) break;
        if (sent_count_ == 0) dropped_at_ = {};
        drop_what_is_stored();
        std::unique_lock lock(bell_->mutex);
        bell_->rung.wait_for(lock, drop_period, [this] { return bell_->has_rung; });
        bell_->has_rung = false;
    }
    reader_.forget();
}

void nats_worker::note_connection() {
    auto& connection = publisher_->connection();
    if (!connection.is_connected()) is_ready_ = false;
    if (connection.is_connected() && connection_ != connection.times_made()) {
        is_ready_ = false;
        if (std::exchange(tried_, connection.times_made()) != connection.times_made()) {
            retry_at_ = {};
        }
    }
    const std::lock_guard lock(mutex_);
    shown_.is_connected = connection.is_connected();
    shown_.connections = connection.times_made();
}

void nats_worker::try_to_prepare() {
    auto& connection = publisher_->connection();
    if ((is_ready_ && is_checked_) || clock::now() < retry_at_) return;
    if (is_ready_) return check_later();
    if (connection.is_closed()) {
        // With an account that is refused, libnats gives up.
        outstanding_.clear();
        note_failed({errc::store_busy, connection.trouble()});
        connection.reopen();
        (void)publisher_->begin();
        return;
    }
    if (!connection.is_connected()) {
        note_failed(
            {errc::store_busy, fmt::format("{}: {}", with_.target.shown(), connection.trouble())});
        return;
    }
    if (const auto done = prepare(); !done) {
        note_failed(
            {done.error().is_final ? errc::store_failed : errc::store_busy, done.error().words});
    }
}

void nats_worker::note_failed(const store_failure& why) {
    is_ready_ = false;
    pause_ = std::clamp(2 * pause_, pause_min, pause_max);
    retry_at_ = clock::now() + pause_;
    {
        const std::lock_guard lock(mutex_);
        shown_.trouble = why;
    }
    // What is tried again and again is said once.
    if (std::exchange(noticed_, why.code) != why.code && with_.notices) {
        with_.notices(fmt::format("nothing is forwarded for now: {}", why.words), true);
    }
}

void nats_worker::note_ready() {
    is_ready_ = true;
    {
        const std::lock_guard lock(mutex_);
        shown_.trouble.reset();
    }
    if (std::exchange(noticed_, std::nullopt) && with_.notices) {
        with_.notices(fmt::format("messages are forwarded to the stream {}", with_.target.stream),
                      false);
    }
}

}  // namespace framewire
