#include "observers.hpp"

#include "cli/python_text.hpp"

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
void observers::closed(const peer& who, const close_reason& why) {
    for (auto* one : all_) one->closed(who, why);
}
void observers::refused(errc why) {
    for (auto* one : all_) one->refused(why);
}
void observers::turn_ends() {
    for (auto* one : all_) one->turn_ends();
}

void error_log::closed(const peer& who, const close_reason& why) {
    if (why.error == nullptr) return;
    write(why.error->code,
          fmt::format("{}: {}", python_address(who.remote), why.error->message()));
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
