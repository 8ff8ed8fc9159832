#include "outbox_reader.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <future>
#include <random>
#include <utility>

namespace framewire {
namespace {

// Rows of the store's table of consumers, which holds a number by its name.
constexpr std::string_view node_row = "framewire nats node";
constexpr std::string_view sequence_row = "framewire nats sequence";

// At a time, so that those who wait for a commit do not wait long for this.
constexpr std::size_t read_messages_max = 512;
constexpr std::size_t read_bytes_max = 1 * MiB;
constexpr std::uint64_t dropped_max = 4'096;

std::uint64_t random_number() {
    std::random_device source;
    // SQLite's numbers have a sign.
    return (std::uint64_t{source()} << 32U | source()) >> 1U;
}

store_result<std::uint64_t> recall(store_file& file, std::string_view row) {
    const auto found = file.confirmed(row);
    if (!found) return tl::unexpected(found.error());
    return found->value_or(0);
}

store_result<outbox_memory> remember_in(store_file& file, bool after_loss) {
    auto node = recall(file, node_row);
    if (!node) return tl::unexpected(node.error());
    if (*node == 0 || after_loss) {
        node = random_number();
        for (const auto& [row, number] :
             {std::pair(node_row, *node), std::pair(sequence_row, std::uint64_t{0})}) {
            if (auto done = file.confirm(row, number); !done) return tl::unexpected(done.error());
        }
    }
    const auto sequence = recall(file, sequence_row);
    if (!sequence) return tl::unexpected(sequence.error());
    return outbox_memory{fmt::format("{:016x}", *node), *sequence, file.first()};
}

// The sequence is noted once all messages up to it are deleted.
store_result<void> drop_some(store_file& file, std::uint64_t offset, std::uint64_t sequence) {
    const auto next = std::min(offset + 1, file.first() + dropped_max);
    if (auto begun = file.begin(); !begun) return begun;
    auto done = file.drop_until(next);
    if (done && next > offset) done = file.confirm(sequence_row, sequence);
    if (done) return file.commit();
    file.roll_back();
    return done;
}

}  // namespace

/// Outlives the reader, for tasks that are on their way.
struct outbox_reader::shared {
    explicit shared(std::function<void()> called) : changed(std::move(called)) {}

    const std::function<void()> changed;
    std::mutex mutex;
    std::deque<outgoing> read;
    std::uint64_t round = 0;  // of reading; what earlier ones read is not wanted
    bool is_reading = false;
    bool is_dropping = false;
    std::optional<store_failure> failed;
};

outbox_reader::outbox_reader(std::shared_ptr<store> outbox, std::function<void()> changed)
    : outbox_(std::move(outbox)), shared_(std::make_shared<shared>(std::move(changed))) {}

store_result<outbox_memory> outbox_reader::remember(store& outbox, bool after_loss) {
    std::promise<store_result<outbox_memory>> answer;
    auto answered = answer.get_future();
    outbox.run([&](store_file& file) { answer.set_value(remember_in(file, after_loss)); });
    return answered.get();
}

void outbox_reader::read(std::uint64_t from, const std::shared_ptr<nats_publisher>& publisher) {
    std::uint64_t round = 0;
    {
        const std::lock_guard lock(shared_->mutex);
        if (std::exchange(shared_->is_reading, true)) return;
        round = shared_->round;
    }
    outbox_->when_stored(from, [into = shared_, from, round,
                                publisher = std::weak_ptr(publisher)](store_file& file) {
        const auto forms = publisher.lock();
        if (!forms) return;
        std::deque<outgoing> all;
        std::size_t size = 0;
        const auto done = file.read(from, [&](const stored_message& one) {
            auto message = forms->message(one.offset, one.id, one.payload);
            if (!message) return false;
            size += one.payload.size();
            all.push_back({one.offset, one.payload.size(), std::move(message)});
            return all.size() < read_messages_max && size < read_bytes_max;
        });
        {
            const std::lock_guard lock(into->mutex);
            if (round != into->round) return;
            into->is_reading = false;
            into->read = std::move(all);
            if (!done) into->failed = done.error();
        }
        into->changed();
    });
}

std::deque<outgoing> outbox_reader::take() {
    const std::lock_guard lock(shared_->mutex);
    return std::exchange(shared_->read, {});
}

void outbox_reader::forget() {
    const std::lock_guard lock(shared_->mutex);
    ++shared_->round;
    shared_->is_reading = false;
    shared_->read.clear();
}

void outbox_reader::drop(std::uint64_t offset, std::uint64_t sequence) {
    {
        const std::lock_guard lock(shared_->mutex);
        if (std::exchange(shared_->is_dropping, true)) return;
    }
    outbox_->run([into = shared_, offset, sequence](store_file& file) {
        store_result<void> done;
        while (done && file.first() <= offset) done = drop_some(file, offset, sequence);
        {
            const std::lock_guard lock(into->mutex);
            into->is_dropping = false;
            if (!done) into->failed = done.error();
        }
        into->changed();
    });
}

bool outbox_reader::is_dropping() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->is_dropping;
}

std::optional<store_failure> outbox_reader::take_failure() {
    const std::lock_guard lock(shared_->mutex);
    return std::exchange(shared_->failed, std::nullopt);
}

}  // namespace framewire
