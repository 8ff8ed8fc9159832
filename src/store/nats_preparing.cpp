#include "framewire/core/units.hpp"
#include "nats_worker.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <string_view>
#include <utility>

namespace framewire {
namespace {

// A message that was sent again may have been stored after later ones: we look a little further
// back than to the latest one that we know.
constexpr std::uint64_t looked_back = 4'096;

// For a stream that could not be asked.
constexpr std::chrono::milliseconds check_period{5'000};

}  // namespace

nats_result<void> nats_worker::prepare() {
    connection_ = publisher_->connection().times_made();
    auto looked = look_at_stream();
    if (!looked && (looked.error().is_final || !covers_window())) return looked;
    is_checked_ = looked.has_value();
    if (!covers_window()) {
        if (auto done = look_for_stored(); !done) return done;
    }
    has_prepared_ = true;
    reader_.forget();
    next_.clear();
    advance();
    read_ = confirmed_;
    ++round_;
    sent_count_ = sent_bytes_ = 0;
    note_ready();
    return {};
}

// While a cluster has no leader, it answers no questions, but may store messages: if it knows the
// ids of all that may be stored, we need not ask. Half of the time is left for what is on its way.
bool nats_worker::covers_window() const {
    return has_prepared_ &&
           (first_sent_.empty() || clock::now() - first_sent_.front().since < window_ / 2);
}

// Meanwhile, we forward.
void nats_worker::check_later() {
    const auto found = publisher_->prepare_stream();
    retry_at_ = clock::now() + check_period;
    is_checked_ = found && found->last_sequence >= sequence_;
    if (is_checked_ || (!found && !found.error().is_final)) return;
    is_ready_ = false;
    retry_at_ = {};
}

nats_result<void> nats_worker::look_at_stream() {
    const auto found = publisher_->prepare_stream();
    if (!found) return tl::unexpected(found.error());
    last_sequence_ = found->last_sequence;
    window_ = found->window;
    if (last_sequence_ < dropped_.sequence && !with_.accepts_loss) {
        return tl::unexpected(nats_refusal{
            fmt::format("{}: the stream {} ends at {}, but it had stored messages up to {}, which "
                        "are not here any more",
                        error_name(errc::store_corrupt), with_.target.stream, last_sequence_,
                        dropped_.sequence),
            "--accept-loss uses it nevertheless", true});
    }
    if (last_sequence_ < sequence_ || std::exchange(has_gone_back_, false)) go_back();
    auto most = static_cast<std::size_t>(publisher_->connection().payload_bytes_max());
    if (found->message_bytes_max > 0) {
        most = std::min(most, static_cast<std::size_t>(found->message_bytes_max));
    }
    const auto headers = publisher_->header_bytes_max();
    *with_.payload_bytes_max = most - std::min(most, headers);
    const std::lock_guard lock(mutex_);
    shown_.replicas = found->replicas;
    return {};
}

// The stream has lost what it had: what we still have is forwarded again.
void nats_worker::go_back() {
    sequence_ = std::min(dropped_.sequence, last_sequence_);
    dropped_.sequence = sequence_;
    if (confirmed_ > dropped_.offset && with_.notices) {
        with_.notices(fmt::format("{}: the stream {} has lost messages; the latest {} are "
                                  "forwarded again, if it does not have them",
                                  error_name(errc::store_corrupt), with_.target.stream,
                                  confirmed_ - dropped_.offset),
                      true);
    }
    confirmed_ = dropped_.offset;
    kept_.clear();
    stored_.clear();
    first_sent_.clear();
    sent_until_ = confirmed_;
    has_prepared_ = false;
    const std::lock_guard lock(mutex_);
    shown_.backlog = confirmed_;
}

// Only what was published and not deleted can be in the stream: if the outbox is empty, nothing
// is.
nats_result<void> nats_worker::look_for_stored() {
    if (outbox_->statistics().next == confirmed_ + 1) return {};
    const auto all = publisher_->stored_after(sequence_ - std::min(sequence_, looked_back));
    if (!all) return tl::unexpected(all.error());
    for (const auto& one : *all) {
        const auto dash = one.name.find('-');
        const auto offset = parse_number(std::string_view(one.name).substr(
            std::min(dash == std::string::npos ? dash : dash + 1, one.name.size())));
        if (one.name.starts_with(memory_.node) && offset && *offset > confirmed_) {
            stored_[*offset] = one.sequence;
        }
    }
    return {};
}

}  // namespace framewire
