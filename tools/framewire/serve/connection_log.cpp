#include "connection_log.hpp"

#include "cli/explain.hpp"
#include "cli/python_text.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {
namespace {

// Of lines that are about no error.
constexpr std::size_t kind_closed = 0;
constexpr std::size_t kind_opened = errc_count + 1;

std::size_t kind_of(errc code) noexcept { return static_cast<std::size_t>(code); }

std::string_view name_of_kind(std::size_t kind) noexcept {
    if (kind == kind_closed) return "closed";
    if (kind == kind_opened) return "opened";
    return error_name(static_cast<errc>(kind));
}

// As in `--json`, and in the metrics.
std::string_view reason_of(close_reason::kind why) noexcept {
    switch (why) {
        case close_reason::kind::by_peer: return "peer";
        case close_reason::kind::by_service: return "service";
        case close_reason::kind::by_drain: return "drain";
        case close_reason::kind::by_error: break;
    }
    return "error";
}

std::string words_of(const connection_traffic& passed) {
    const std::chrono::duration<double> time = passed.duration;
    return fmt::format("{} frames, {} bytes received, {} bytes sent in {:.3f} s", passed.frames,
                       passed.bytes_received, passed.bytes_sent, time.count());
}

void add(const connection_traffic& passed, log_record& to) {
    to.add("frames", passed.frames)
        .add("received", passed.bytes_received)
        .add("sent", passed.bytes_sent)
        .add_seconds("seconds", std::chrono::duration<double>(passed.duration).count());
}

}  // namespace

void connection_log::on(const peer& who, const occurrence& what) {
    std::visit(
        overloaded{[&](const occurred::opened&) { opened(who); },
                   [&](const occurred::closed& end) { closed(who, end); },
                   [&](const occurred::refused& how) { refused(who, how); }, [](const auto&) {}},
        what);
}

void connection_log::opened(const peer& who) {
    if (!log_.shows(log_level::debug)) return;
    auto words = fmt::format("{}: opened", python_peer(who));
    write(kind_opened, about(who, log_level::debug, "opened", std::move(words)).message({}));
}

void connection_log::closed(const peer& who, const occurred::closed& end) {
    const auto* const error = end.why.error;
    const auto level = error == nullptr ? log_level::info : log_level::warning;
    if (!log_.shows(level)) return;
    const auto reason = reason_of(end.why.what);
    auto words =
        fmt::format("{}: {}", python_peer(who),
                    error == nullptr ? fmt::format("closed by {}", reason) : error->message());
    if (log_.shows(log_level::info)) words += "; " + words_of(end.passed);
    if (error != nullptr && log_.shows(log_level::info) && is_framing_error(error->code) &&
        !has_hinted_.exchange(true)) {
        words += fmt::format("; {}", framings_hint);
    }
    auto line = about(who, level, "closed", std::move(words));
    add(end.passed, line);
    line.add("reason", std::string(reason)).message({});
    if (error != nullptr) {
        line.add("error", std::string(error_name(error->code))).add("offset", error->offset);
        line.message(error->words.empty() ? make_error_code(error->code).message() : error->words);
    }
    write(error == nullptr ? kind_closed : kind_of(error->code), line);
}

void connection_log::refused(const peer& who, const occurred::refused& how) {
    // Without a peer, nobody could be accepted.
    const bool is_known = who.id != 0 || who.remote.port != 0;
    const auto level = is_known ? log_level::warning : log_level::error;
    if (!log_.shows(level)) return;
    const auto meaning = make_error_code(how.why).message();
    auto words = fmt::format("{}: {}", error_name(how.why), meaning);
    if (!how.words.empty()) words += fmt::format(": {}", how.words);
    if (is_known) words = fmt::format("{}: {}", python_peer(who), words);
    auto line = about(who, level, "refused", std::move(words));
    line.add("error", std::string(error_name(how.why)));
    line.message(how.words.empty() ? meaning : std::string(how.words));
    write(kind_of(how.why), line);
}

log_record connection_log::about(const peer& who, log_level level, std::string_view event,
                                 std::string words) const {
    log_record line(level, event, std::move(words));
    if (who.id != 0) line.add("connection", who.id);
    if (who.remote.port != 0 || who.id != 0) line.add("peer", who.remote.text());
    if (who.id != 0) line.add("local", who.local.text());
    if (who.tls) line.add("tls", who.tls->version).add("subject", who.tls->subject);
    if (who.credentials) line.add("user", std::uint64_t{who.credentials->user});
    line.add("protocol", protocol_);
    return line;
}

void connection_log::write(std::size_t kind, const log_record& one) {
    const std::lock_guard lock(mutex_);
    auto& spent = budgets_.at(kind);
    const auto now = std::chrono::steady_clock::now();
    if (now - spent.second >= std::chrono::seconds(1)) {
        write_left_out(kind);
        spent = {.second = now};
    }
    const auto max = log_.lines_per_second();
    if (max == 0 || spent.lines++ < max) return log_.write(one);
    ++spent.left_out;
    ++left_out_;
}

void connection_log::write_left_out(std::size_t kind) {
    const auto count = std::exchange(budgets_.at(kind).left_out, 0);
    if (count == 0) return;
    const auto name = name_of_kind(kind);
    log_record line(log_level::warning, "left_out", fmt::format("{}: {} more", name, count));
    line.add("kind", std::string(name)).add("count", count).message({});
    log_.write(line);
}

void connection_log::finish() {
    const std::lock_guard lock(mutex_);
    for (std::size_t kind = 0; kind < budgets_.size(); ++kind) write_left_out(kind);
}

}  // namespace framewire
