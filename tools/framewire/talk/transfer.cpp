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

// Each round moves at most one part in each direction. Receiving comes first: what the server said
// before it left explains why nothing can be sent any more.
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
    const auto part = file.read();
    if (!part) return tl::unexpected(part.error());
    const auto queued = part->empty() ? connection_.end() : connection_.append(*part);
    if (!queued) return failed(queued.error(), file);
    sent_ += part->size();
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
    const auto part = connection_.receive();
    if (!part) return {};
    moved_ = true;
    if (!plan_.wants_reply) {
        // A server may answer although nobody asked, and must not be stuck with it.
        all_received_ = !part->has_value();
        return {};
    }
    if (!*part) return failed(part->error());
    return counts ? take_unframed(**part) : take_part_of_payload(**part);
}

result<void> transfer::take_part_of_payload(const piece& part) {
    received_ += part.payload.size();
    const bool is_known = part.announced != unknown_length;
    if (received_ > plan_.reply_bytes_max ||
        (is_known && part.announced > plan_.reply_bytes_max)) {
        return tl::unexpected(failure{
            fmt::format("{}: the reply has more than {}", error_name(errc::frame_too_large),
                        format_size(plan_.reply_bytes_max)),
            "raise --max-payload"});
    }
    if (auto printed = print(part.payload, part.last); !printed) return printed;
    all_received_ = part.last;
    if (!part.last) show_received(plan_.counts_characters ? unknown_length : part.announced);
    return {};
}

result<void> transfer::take_unframed(const piece& part) {
    received_ += part.payload.size();
    if (holds_ && held_.size() + part.payload.size() <= plan_.held_bytes_max) {
        held_ += part.payload;
        return {};
    }
    holds_ = false;
    for (const auto next : {bytes(held_), part.payload}) {
        if (auto printed = print(next, false); !printed) return printed;
    }
    std::string().swap(held_);
    show_received(size_);
    return {};
}

result<void> transfer::print(bytes part, bool last) {
    if (replies_.is_terminal()) progress_.stop();
    return replies_.write(part, last);
}

void transfer::show_received(std::uint64_t total) {
    if (all_sent_) progress_.show("received", received_, total);
}

// It could be framed when it was opened.
tl::unexpected<failure> transfer::failed(const wire_error& error, const message_file& of) const {
    const bool was_looked_through = of.size() != unknown_length;
    const bool framing_fails = error_name(error.code).starts_with("frame.");
    return was_looked_through && framing_fails ? of.changed() : failed(error);
}

tl::unexpected<failure> transfer::failed(const wire_error& error) const {
    return tl::unexpected(explain(error, plan_.wording));
}

}  // namespace framewire
