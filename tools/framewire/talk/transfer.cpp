#include "transfer.hpp"

#include "exchange.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>

namespace framewire {

transfer::transfer(client_connection& connection, const transfer_plan& plan, reply_output& replies)
    : connection_(connection),
      plan_(plan),
      replies_(replies),
      progress_(plan.shows_progress),
      holds_(replies.adds_line_ends()) {}

// Each cycle moves at most one piece in each direction. Receiving comes first: the last words of a
// server that has closed explain why sending fails.
result<void> transfer::run(message& what) {
    auto* const file = std::get_if<message_file>(&what);
    if (auto begun = begin(what); !begun) return begun;
    while (true) {
        moved_ = false;
        if (auto received = receive_more(); !received) return received;
        if (auto sent = send_more(file); !sent) return sent;
        if (all_sent_ && (all_received_ || !plan_.wants_reply)) return {};
        if (moved_) continue;
        const bool waits_for_file = file != nullptr && !all_sent_ && !connection_.has_output();
        connection_.wait(!all_received_, waits_for_file ? file->native_handle() : -1);
    }
}

result<void> transfer::begin(const message& what) {
    wire_result<void> begun;
    if (const auto* const file = std::get_if<message_file>(&what)) {
        size_ = file->size();
        begun = connection_.begin(file->length());
    } else {
        const auto& text = std::get<std::string>(what);
        size_ = text.size();
        begun = connection_.send(text);
    }
    if (!begun) return failed(begun.error());
    return {};
}

result<void> transfer::send_more(message_file* file) {
    if (all_sent_) return {};
    if (const auto written = connection_.write(); !written) return failed(written.error());
    if (connection_.has_output()) return {};
    if (file != nullptr && sent_ > 0) progress_.show("sent", sent_, size_);
    if (connection_.sending()) return send_part(*file);
    if (file != nullptr) size_ = sent_;
    all_sent_ = moved_ = true;
    return {};
}

result<void> transfer::send_part(message_file& file) {
    if (!file.is_ready()) return {};
    const auto data = file.read();
    if (!data) return tl::unexpected(data.error());
    const auto queued = data->empty() ? connection_.end() : connection_.append(*data);
    if (!queued) return failed(queued.error(), file);
    sent_ += data->size();
    moved_ = true;
    return {};
}

result<void> transfer::receive_more() {
    if (all_received_) return {};
    const bool counts = plan_.wants_reply && plan_.is_raw;
    if (counts && received_ >= size_) {
        all_received_ = true;
        return print(held_, true);
    }
    const auto data = connection_.receive();
    if (!data) return {};
    moved_ = true;
    if (!plan_.wants_reply) {
        // A server may reply without being asked, and must not block on it.
        all_received_ = !data->has_value();
        return {};
    }
    if (!*data) return failed(data->error());
    return counts ? take_unframed(**data) : take_piece(**data);
}

result<void> transfer::take_piece(const piece& payload) {
    received_ += payload.payload.size();
    const bool is_known = payload.announced != unknown_length;
    if (received_ > plan_.reply_bytes_max ||
        (is_known && payload.announced > plan_.reply_bytes_max)) {
        return tl::unexpected(failure{
            fmt::format("{}: the reply has more than {}", error_name(errc::frame_too_large),
                        format_size(plan_.reply_bytes_max)),
            "raise --max-payload"});
    }
    if (auto printed = print(payload.payload, payload.last); !printed) return printed;
    all_received_ = payload.last;
    if (!payload.last) show_received(plan_.counts_characters ? unknown_length : payload.announced);
    return {};
}

result<void> transfer::take_unframed(const piece& payload) {
    received_ += payload.payload.size();
    if (holds_ && held_.size() + payload.payload.size() <= plan_.held_bytes_max) {
        held_ += payload.payload;
        return {};
    }
    holds_ = false;
    for (const auto next : {bytes(held_), payload.payload}) {
        if (auto printed = print(next, false); !printed) return printed;
    }
    std::string().swap(held_);
    show_received(size_);
    return {};
}

result<void> transfer::print(bytes data, bool last) {
    if (replies_.is_terminal()) progress_.stop();
    return replies_.write(data, last);
}

void transfer::show_received(std::uint64_t total) {
    if (all_sent_) progress_.show("received", received_, total);
}

// A scanned file could be framed, so it has changed.
tl::unexpected<failure> transfer::failed(const wire_error& error, const message_file& of) const {
    const bool was_scanned = of.size() != unknown_length;
    const bool framing_fails = error_name(error.code).starts_with("frame.");
    return was_scanned && framing_fails ? of.changed() : failed(error);
}

tl::unexpected<failure> transfer::failed(const wire_error& error) const {
    return tl::unexpected(explain(error, plan_.wording));
}

}  // namespace framewire
