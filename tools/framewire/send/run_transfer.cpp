#include "run_transfer.hpp"

#include "cli/json_log.hpp"
#include "cli/output.hpp"
#include "cli/transcript_log.hpp"
#include "net/connection_plan.hpp"
#include "net/event_loop.hpp"

#include <unistd.h>
#include <cstddef>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace framewire {
namespace {

// Ends the loop when the time for everything has passed: a server that trickles is never silent.
class time_limit final : private timer {
public:
    time_limit(event_loop& loop, time_point due) : loop_(loop), due_(due) {
        loop.timers().arm(*this, due);
    }
    [[nodiscard]] bool is_over() const noexcept { return is_over_; }

private:
    time_point on_timer(time_point now) override {
        if (now < due_) return due_;
        is_over_ = true;
        loop_.finish();
        return time_point::max();
    }

    event_loop& loop_;
    time_point due_;
    bool is_over_ = false;
};

// Notes all traffic, also that inside a frame, and passes it on.
class traffic_observer final : public observer {
public:
    explicit traffic_observer(transfer& of) : of_(of) {}
    void add(observer& next) { next_.push_back(&next); }

    void on(const peer& who, const occurrence& what) override {
        if (std::holds_alternative<occurred::received_bytes>(what) ||
            std::holds_alternative<occurred::sent_bytes>(what)) {
            of_.note_traffic();
        }
        for (auto* const one : next_) one->on(who, what);
    }

private:
    transfer& of_;
    std::vector<observer*> next_;
};

json_log::settings json_to(transfer& of, reply_output& output, bool is_accepted) {
    using opened_by = json_log::settings::opened_by;
    return {.opened = is_accepted ? opened_by::peer : opened_by::us,
            .shown_bytes_max = std::numeric_limits<std::size_t>::max(),
            .write = [&of, &output](std::string_view line) {
                if (auto written = output.write_event(line); !written)
                    of.break_off(written.error());
            }};
}

}  // namespace

result<transfer_end> run_transfer(owned_descriptor socket, const transfer_plan& plan,
                                  const transfer_setting& setting, message_source messages,
                                  reply_output& replies) {
    output errors(STDERR_FILENO, output::pace::in_step);
    const bool is_verbose = setting.verbosity > 0;
    if (is_verbose) {
        if (auto started = errors.start(); !started) return tl::unexpected(started.error());
    }
    const auto reversed = plan.frames.reversed();
    const auto& received = setting.is_accepted ? plan.frames : reversed;
    transcript_log transcript(received, setting.verbosity, errors, setting.events.timestamps);

    const auto loop = std::make_unique<event_loop>();
    transfer exchange(*loop, plan, std::move(messages), replies);
    json_log json(received, json_to(exchange, replies, setting.is_accepted));
    traffic_observer traffic(exchange);
    if (setting.events.json) traffic.add(json);
    if (is_verbose) traffic.add(transcript);
    const auto shared = std::make_shared<connection_plan>(
        setting.is_accepted ? reversed : plan.frames, setting.limits,
        [&] { return exchange.make_service(); }, &traffic, connection_role::connected);
    shared->make_transport = setting.make_transport;
    shared->announces = setting.announces;
    const auto opened = loop->open(shared, {std::move(socket)});
    if (!opened) return tl::unexpected(failure{make_error_code(opened.error().why).message()});
    exchange.serves(**opened);

    std::optional<time_limit> all_time;
    if (setting.until) all_time.emplace(*loop, *setting.until);
    loop->run();
    loop->abort();  // the transfer hears of the end as long as it exists
    const transfer_end end{all_time && all_time->is_over(), exchange.received()};
    const auto done = end.by_time ? result<void>() : exchange.outcome();
    return done.and_then([&] { return replies.close(); }).map([&] { return end; });
}

}  // namespace framewire
