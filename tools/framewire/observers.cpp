#include "observers.hpp"

#include "python_text.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>

namespace framewire {

using clock = std::chrono::steady_clock;

bool observers::watches_traffic() const noexcept {
    return std::ranges::any_of(all_, &observer::watches_traffic);
}
void observers::opened(const peer& who) {
    for (auto* one : all_) one->opened(who);
}
void observers::received_bytes(const peer& who, bytes part) {
    for (auto* one : all_) one->received_bytes(who, part);
}
void observers::received(const peer& who, const piece& part, std::uint64_t offset) {
    for (auto* one : all_) one->received(who, part, offset);
}
void observers::skipped(const peer& who, std::uint64_t size, std::uint64_t offset) {
    for (auto* one : all_) one->skipped(who, size, offset);
}
void observers::peer_ended(const peer& who) {
    for (auto* one : all_) one->peer_ended(who);
}
void observers::sent_bytes(const peer& who, bytes part) {
    for (auto* one : all_) one->sent_bytes(who, part);
}
void observers::parted(const peer& who, const parting& how) {
    for (auto* one : all_) one->parted(who, how);
}
void observers::refused(errc why) {
    for (auto* one : all_) one->refused(why);
}
void observers::turn_ends() {
    for (auto* one : all_) one->turn_ends();
}

void transcript_log::opened(const peer& who) {
    const std::lock_guard lock(mutex_);
    write(who, printer(who).begin(framing_));
}

void transcript_log::received_bytes(const peer& who, bytes part) {
    const std::lock_guard lock(mutex_);
    write(who, printer(who).from_peer(part, clock::now()));
}

void transcript_log::received(const peer& who, const piece& part, std::uint64_t offset) {
    const std::lock_guard lock(mutex_);
    write(who, printer(who).frame(part, offset));
}

void transcript_log::skipped(const peer& who, std::uint64_t size, std::uint64_t offset) {
    const std::lock_guard lock(mutex_);
    write(who, printer(who).skipped(size, offset));
}

void transcript_log::peer_ended(const peer& who) {
    const std::lock_guard lock(mutex_);
    write(who, printer(who).peer_ended(clock::now()) + printer(who).finished());
}

void transcript_log::sent_bytes(const peer& who, bytes part) {
    const std::lock_guard lock(mutex_);
    write(who, printer(who).to_peer(part, clock::now()));
}

void transcript_log::parted(const peer& who, const parting& how) {
    const std::lock_guard lock(mutex_);
    if (how.error != nullptr) write(who, printer(who).failed(*how.error, clock::now()));
    printers_.erase(who.id);
}

transcript_printer& transcript_log::printer(const peer& who) {
    return printers_.try_emplace(who.id, clock::now()).first->second;
}

void transcript_log::write(const peer& who, const std::string& lines) {
    if (lines.empty()) return;
    if (speaking_ != who.id) {
        to_.write(
            fmt::format("# {} with {}\n", python_address(who.local), python_address(who.remote)));
    }
    speaking_ = who.id;
    to_.write(lines);
}

void error_log::parted(const peer& who, const parting& how) {
    if (how.error == nullptr) return;
    write(how.error->code,
          fmt::format("{}: {}", python_address(who.remote), how.error->message()));
}

void error_log::refused(errc why) {
    write(why, fmt::format("{}: {}", error_name(why), make_error_code(why).message()));
}

void error_log::write(errc code, std::string_view line) {
    constexpr unsigned lines_per_second = 10;
    const std::lock_guard lock(mutex_);
    auto& spent = budgets_.at(static_cast<std::size_t>(code));
    const auto now = clock::now();
    if (now - spent.second >= std::chrono::seconds(1)) {
        if (spent.left_out > 0) log_->error("{}: {} more", error_name(code), spent.left_out);
        spent = {.second = now};
    }
    if (spent.lines++ < lines_per_second) {
        log_->error(line);
    } else {
        ++spent.left_out;
    }
}

}  // namespace framewire
