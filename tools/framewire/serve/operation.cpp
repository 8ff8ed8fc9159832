#include "operation.hpp"

#include "signals.hpp"

#include <fmt/format.h>
#include <string>

namespace framewire {
namespace {

std::string listed(const std::vector<std::string>& names) {
    std::string all;
    for (const auto& one : names) all += (all.empty() ? "" : ", ") + one;
    return all;
}

}  // namespace

bool operation::is_reloadable() const {
    return !parts_.started.read->path().empty() || parts_.started.settings.tls.has_value();
}

void operation::handle_signals() {
    signal_actions actions{.stopping = [this] { parts_.init.stopping(); },
                           .reload = {},
                           .replace = [this] { replace(); }};
    if (is_reloadable()) actions.reload = [this] { reload(); };
    framewire::handle_signals(parts_.of, parts_.log, actions);
}

// Either all of it is taken, or nothing.
void operation::reload() {
    parts_.init.reloading();
    auto& log = parts_.log;
    try {
        const auto next = parts_.read();
        if (const auto read = parts_.of.reload_tls(); !read) throw usage_error(read.error());
        parts_.of.change(next.settings);
        log.change(next.log);
        const auto taken = config_changes(*last_, *next.read).reloadable;
        const auto fixed = config_changes(*parts_.started.read, *next.read).fixed;
        last_ = next.read;
        log.write(
            fmt::format("reloaded: {}", taken.empty() ? "no limit has changed" : listed(taken)));
        if (!fixed.empty()) {
            log.write(fmt::format("not changed before a restart: {}", listed(fixed)));
        }
    } catch (const usage_error& wrong) {
        log.write(fmt::format("not reloaded, nothing has changed: {}", wrong.what()),
                  log_level::error);
    }
    parts_.init.ready("serving");
}

void operation::replace() {
    const auto started = parts_.next.start(
        parts_.of.listeners(), [this](const result<int>& process) { be_replaced(process); });
    if (!started) parts_.log.write("not replaced: " + started.error().words, log_level::error);
}

void operation::be_replaced(const result<int>& process) {
    if (!process) {
        return parts_.log.write("not replaced: " + process.error().words, log_level::error);
    }
    parts_.log.write(fmt::format("process {} serves new connections", *process));
    parts_.init.succeeded_by(*process);
    parts_.leaving();
    parts_.of.hand_over(parts_.hand_over);
}

}  // namespace framewire
