#include "error_log.hpp"

#include "cli/python_text.hpp"

#include <fmt/format.h>

namespace framewire {

void error_log::on(const peer& who, const occurrence& what) {
    std::visit(
        overloaded{[&](const occurred::closed& end) { closed(who, end.why); },
                   [&](const occurred::refused& how) { refused(who, how); }, [](const auto&) {}},
        what);
}

void error_log::closed(const peer& who, const close_reason& why) {
    if (why.error == nullptr) return;
    write(why.error->code,
          fmt::format("{}: {}", python_address(who.remote), why.error->message()));
}

void error_log::refused(const peer& who, const occurred::refused& how) {
    auto line = fmt::format("{}: {}", error_name(how.why), make_error_code(how.why).message());
    if (!how.words.empty()) line += fmt::format(": {}", how.words);
    const bool is_known = who.id != 0 || who.remote.port != 0;
    write(how.why, is_known ? fmt::format("{}: {}", python_address(who.remote), line) : line);
}

void error_log::write(errc code, std::string_view line) {
    constexpr unsigned lines_per_second = 10;
    const std::lock_guard lock(mutex_);
    auto& spent = budgets_.at(static_cast<std::size_t>(code));
    const auto now = std::chrono::steady_clock::now();
    if (now - spent.second >= std::chrono::seconds(1)) {
        if (spent.left_out > 0)
            log_.write(fmt::format("{}: {} more", error_name(code), spent.left_out));
        spent = {.second = now};
    }
    if (spent.lines++ < lines_per_second) {
        log_.write(line);
    } else {
        ++spent.left_out;
    }
}

}  // namespace framewire
