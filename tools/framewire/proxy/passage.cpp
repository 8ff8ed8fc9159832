#include "passage.hpp"

#include "net/connection_plan.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <new>
#include <utility>

namespace framewire {
namespace {

const framing& unframed() {
    static const auto raw = *framing::parse("raw");
    return raw;
}

// Whether the other end should see that it was no orderly end.
bool is_abrupt(const close_reason& why) {
    if (why.what != close_reason::kind::by_error) return false;
    const auto code = why.error->code;
    return code == errc::io_reset || code == errc::io_failed || code == errc::io_timeout_write;
}

}  // namespace

void passage::opened(end_of which, const peer& who, outbox& replies) {
    at(which).link = &connection::of(replies);
    at(which).who = who;
    auto& loop = event_loop::of(replies);
    begin(which, loop);
    if (which == end_of::client) {
        at(end_of::client).is_paused = true;
        replies.pause();
        connect(loop);
    } else {
        show(end_of::server, occurred::opened{});
        resume(end_of::client);
    }
}

bool passage::is_shown(end_of one) const noexcept {
    return one == end_of::client ? plan_.shown != nullptr : plan_.show_server != nullptr;
}

void passage::show(end_of one, const occurrence& what) {
    if (!is_shown(one)) return;
    const auto& client = at(end_of::client).who;
    one == end_of::client ? plan_.shown->on(client, what)
                          : plan_.show_server(client, at(one).who, what);
}

void passage::begin(end_of sender, event_loop& loop) {
    const bool is_client = sender == end_of::client;
    const auto to = other_of(sender);
    auto& way = from(sender);
    channel_settings how{.beyond = plan_.beyond,
                         .payload_bytes_max = plan_.limits.assembled_bytes_max};
    if (is_shown(sender)) {
        how.note = [this, sender](const piece& data, std::uint64_t offset) {
            show(sender, occurred::received{data, offset});
        };
    }
    if (plan_.programs) {
        begin_rules(sender, loop);
        how.take_payload = [&way](bytes payload, bytes frame) { way.rules->take(payload, frame); };
    } else if (!plan_.changes.empty()) {
        how.rewrite = [this](bytes payload) { return rewritten(payload); };
    }
    if (plan_.faults != nullptr) {
        way.sends.emplace(
            loop, [this, to](outflow::action what, bytes data) { perform(to, what, data); });
        way.faults.emplace(*plan_.faults, to, at(end_of::client).who.id, loop, *way.sends,
                           [this, to](std::uint64_t message, std::string_view what) {
                               plan_.report_fault(at(end_of::client).who, to, message, what);
                           });
    }
    const bool answers = is_client && !plan_.mocks.empty() && !plan_.programs;
    if (way.faults || answers) {
        how.take_whole = [this, answers, to, &way](const whole_message& one) {
            if (answers && answer(one.payload)) return;
            way.faults ? way.faults->take(one) : send(to, one.frame);
        };
    }
    way.messages.emplace(is_client ? plan_.client : plan_.server.replies(),
                         is_client ? plan_.server : plan_.client.replies(), std::move(how));
}

std::string passage::rewritten(bytes payload) const {
    std::string text(payload);
    for (const auto& one : plan_.changes) text = one.by->apply(text);
    return text;
}

void passage::begin_rules(end_of sender, event_loop& loop) {
    from(sender).rules.emplace(
        loop, rule_line::settings{
                  .changes = &plan_.changes,
                  .mocks = sender == end_of::client ? &plan_.mocks : nullptr,
                  .programs = plan_.programs.get(),
                  .output_bytes_max = plan_.limits.assembled_bytes_max,
                  .client = at(end_of::client).who,
                  .pass = [this, sender](bytes payload,
                                         bytes frame) { return pass(sender, payload, frame); },
                  .answer = [this](bytes payload) { return reply(payload); },
                  .fail =
                      [this](std::string words) {
                          fail(end_of::client, {errc::service_failed, 0, std::move(words)});
                      },
                  .idle = [this, sender] { continue_after_rules(sender); }});
}

// In place of the server, which does not get it.
bool passage::answer(bytes payload) {
    const auto found = std::ranges::find_if(
        plan_.mocks, [payload](const mock& one) { return one.when.matches(payload); });
    if (found == plan_.mocks.end()) return false;
    reply(found->reply.text);
    return true;
}

bool passage::reply(bytes payload) {
    const auto& framing = plan_.client.replies();
    std::string frame;
    if (const auto made = framing.encode(payload, frame); !made) {
        fail(end_of::client, framing.refusal(made.error(), payload.size()));
        return false;
    }
    send(end_of::client, frame);
    return true;
}

bool passage::pass(end_of sender, bytes payload, bytes frame) {
    const auto passed = from(sender).messages->pass(payload, frame);
    if (!passed.data.empty()) send(other_of(sender), passed.data);
    if (passed.failure) fail(sender, *passed.failure);
    return !passed.failure;
}

void passage::continue_after_rules(end_of sender) {
    auto& way = from(sender);
    if (way.fails_later) return fail(sender, *way.fails_later);
    way.ends_later ? finish(sender) : resume(sender);
}

// What came before passes first.
void passage::fail_after_rules(end_of sender, wire_error why) {
    auto& way = from(sender);
    if (!way.rules || !way.rules->is_busy()) return fail(sender, std::move(why));
    way.fails_later = std::move(why);
    pause(sender);
}

void passage::connect(event_loop& loop) {
    loop.connect(plan_.target, plan_.candidates, plan_.connect_timeout,
                 [self = shared_from_this(), &loop](result<owned_descriptor> socket) {
                     try {
                         self->connected(loop, std::move(socket));
                     } catch (const std::bad_alloc&) {
                         self->reset(end_of::client);  // first: it waits for nothing
                         self->report(end_of::server, {errc::limit_memory, 0, {}});
                     }
                 });
}

void passage::connected(event_loop& loop, result<owned_descriptor> socket) {
    auto& client = at(end_of::client);
    if (client.link == nullptr) return;
    if (!socket) return fail(end_of::server, {errc::io_failed, 0, socket.error().message()});
    const auto made = std::make_shared<connection_plan>(
        unframed(), plan_.limits,
        [self = shared_from_this()] {
            return std::make_unique<passage_end>(self, end_of::server);
        },
        nullptr, connection_role::connected, std::numeric_limits<std::size_t>::max(),
        std::numeric_limits<std::size_t>::max(), client.link->plan().memory);
    made->make_transport = plan_.make_transport;
    const auto opened = loop.open(made, {std::move(*socket)});
    if (!opened) fail(end_of::server, {opened.error().why, 0, {}});
}

void passage::receive(end_of sender, bytes data, outbox& replies) {
    auto& way = from(sender);
    show(sender, occurred::received_bytes{data});
    const auto passed = way.messages->take(data);
    if (!passed.data.empty()) send(other_of(sender), passed.data);
    if (way.rules) way.rules->run();
    if (passed.failure) return fail_after_rules(sender, *passed.failure);
    if (way.rules && way.rules->is_busy()) at(sender).is_paused = true;
    if (way.sends && way.sends->waiting_bytes() > plan_.limits.queued_bytes_max) {
        at(sender).is_paused = true;
    }
    if (at(sender).is_paused) replies.pause();
}

// Whether what it sends now would only be held here.
bool passage::must_wait(end_of sender) {
    const auto& way = from(sender);
    return at(other_of(sender)).is_full || (way.rules && way.rules->is_busy()) ||
           (way.sends && way.sends->waiting_bytes() > plan_.limits.queued_bytes_max / 2);
}

// What does not fit into the sockets waits in the connection, up to a bound: then the other end is
// not read from.
void passage::send(end_of to, bytes data) {
    auto& side = at(to);
    if (side.link == nullptr || side.is_shut) return;
    bool is_full = false;
    side.link->call([&](outbox& replies) {
        (void)replies.reply(data);
        is_full = replies.full();
    });
    show(to, occurred::sent_bytes{data});
    side.is_full = is_full;
    if (is_full) pause(other_of(to));
}

void passage::perform(end_of to, outflow::action what, bytes data) {
    switch (what) {
        case outflow::action::send: send(to, data); return resume(other_of(to));
        case outflow::action::end_stream: return shut(to);
        case outflow::action::close: close(to); return close(other_of(to));
        case outflow::action::reset: reset(to); return reset(other_of(to));
        case outflow::action::stall:
        case outflow::action::limit: return;  // the outflow's own business
    }
}

void passage::writable(end_of to) {
    at(to).is_full = false;
    resume(other_of(to));
}

void passage::pause(end_of which) {
    auto& side = at(which);
    if (side.link == nullptr || std::exchange(side.is_paused, true)) return;
    side.link->call([](outbox& replies) { replies.pause(); });
}

void passage::resume(end_of which) {
    auto& side = at(which);
    if (!side.is_paused || must_wait(which)) return;
    side.is_paused = false;
    if (side.link == nullptr) return;
    side.link->call([](outbox& replies) { replies.resume(); });
}

void passage::ended(end_of sender) {
    if (std::exchange(at(sender).has_ended, true)) return;
    const auto to = other_of(sender);
    auto& way = from(sender);
    show(sender, occurred::peer_ended{});
    const auto last = way.messages->end();
    if (!last.data.empty()) send(to, last.data);
    if (way.rules) way.rules->run();
    if (last.failure) return fail_after_rules(sender, *last.failure);
    if (way.rules && way.rules->is_busy()) {
        way.ends_later = true;
        return;
    }
    finish(sender);
}

// Nothing of its stream is left but what faults delay.
void passage::finish(end_of sender) {
    const auto to = other_of(sender);
    auto& way = from(sender);
    if (way.faults) {
        way.faults->flush();
        way.sends->add(outflow::action::end_stream, {}, way.faults->lingers());
        return way.sends->run();
    }
    shut(to);
}

// Once both streams have ended, nobody waits for anything.
void passage::shut(end_of to) {
    if (std::exchange(at(to).is_shut, true)) return;
    if (at(to).link != nullptr) {
        if (plan_.show_end) plan_.show_end(at(end_of::client).who, to);
        at(to).link->call([](outbox& replies) { replies.shutdown_send(); });
    }
    if (!at(other_of(to)).is_shut) return;
    close(end_of::client);
    close(end_of::server);
}

void passage::close(end_of which) {
    if (at(which).link == nullptr) return;
    at(which).link->call([](outbox& replies) { replies.close(); });
}

void passage::reset(end_of which) {
    if (auto* const link = std::exchange(at(which).link, nullptr)) link->abort();
}

// The other end hears of it when this one is closed.
void passage::fail(end_of which, wire_error why) {
    report(which, why);
    if (at(which).link != nullptr) return at(which).link->break_off(std::move(why));
    reset(other_of(which));
}

// Of the client the observer of its connection hears.
void passage::report(end_of which, const wire_error& why) {
    if (which == end_of::client || std::exchange(at(which).has_failed, true)) return;
    plan_.report_server(at(end_of::client).who, why);
}

void passage::left(end_of which, const close_reason& why) {
    at(which).link = nullptr;
    if (plan_.programs) plan_.programs->end(at(end_of::client).who, std::chrono::milliseconds(0));
    if (why.error != nullptr) report(which, *why.error);
    const bool has_opened = at(which).who.id != 0;
    if (which == end_of::server && has_opened) show(which, occurred::closed{why});
    const auto other = other_of(which);
    if (at(other).link == nullptr) return;
    // What the other end has got of a message is not the whole of it.
    const bool is_cut = from(which).messages && from(which).messages->frame_open();
    is_abrupt(why) || is_cut ? reset(other) : close(other);
}

}  // namespace framewire
