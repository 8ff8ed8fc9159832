#include "simulated_service.hpp"

#include "memory.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace framewire::tests {
namespace {

std::optional<std::string> itself(const std::string& payload) { return payload; }
std::optional<std::string> nothing(const std::string& /*payload*/) { return std::nullopt; }
std::optional<std::string> reversed(const std::string& payload) {
    return std::string(payload.rbegin(), payload.rend());
}
// Every tenth message or so gets no reply.
std::optional<std::string> seldom_nothing(const std::string& payload) {
    if (payload.ends_with('z') || payload.ends_with('y')) return std::nullopt;
    return reversed(payload);
}

bool is_deferred(const std::string& payload) { return payload.empty() || payload.front() < 'p'; }

void reply_now(bytes payload, outbox& replies) {
    if (payload == "throw") throw std::runtime_error("as the simulation wants it");
    (void)replies.reply(*reversed(std::string(payload)));
}

class in_pieces final : public service {
public:
    explicit in_pieces(random_source& random) : random_(random) {}
    void receive(const piece& message, outbox& replies) override {
        const auto text = *reversed(std::string(message.payload));
        (void)replies.begin(text.size());
        for (std::size_t at = 0; at < text.size();) {
            const auto size = std::min(text.size() - at, 1 + random_.below(50));
            (void)replies.append(bytes(text).substr(at, size));
            at += size;
        }
        (void)replies.end();
    }

private:
    random_source& random_;
};

// Other threads answer, at any time and in any order.
class later final : public service {
public:
    later(world& in, order keeps) : world_(in), keeps_(keeps) {}
    void receive(const piece& message, outbox& replies) override {
        std::string payload(message.payload);
        if (keeps_ == order::as_received && !is_deferred(payload)) {
            if (const auto text = seldom_nothing(payload)) (void)replies.reply(*text);
            return;
        }
        const auto owed =
            std::make_shared<deferred_reply>(replies.defer(keeps_, world_.random.below(100)));
        if (payload == "drop") return;
        const auto answer = [owed, text = seldom_nothing(payload)] {
            const allocating_for product(memory_owner::product);
            text ? owed->reply(*text) : owed->skip();
        };
        const allocating_for here(memory_owner::simulation);
        world_.time.after(nanoseconds(world_.random.below(300'000'000)), answer);
    }

private:
    world& world_;
    order keeps_;
};

class pushing final : public service {
public:
    explicit pushing(world& in) : world_(in) {}
    void opened(const peer& /*who*/, outbox& replies) override {
        push(replies.handle(), 0, world_.random.below(30));
    }
    void receive(const piece& message, outbox& replies) override {
        (void)replies.reply(message.payload);
    }

private:
    void push(const peer_handle& to, std::size_t number, std::size_t count) {
        if (number == count) return;
        const allocating_for here(memory_owner::simulation);
        world_.time.after(nanoseconds(world_.random.below(50'000'000)),
                          [&in = world_, to, number, count] {
                              const allocating_for product(memory_owner::product);
                              (void)to.push(fmt::format("{}{}", push_mark, number));
                              pushing(in).push(to, number + 1, count);
                          });
    }

    world& world_;
};

service_factory spec(std::string_view text) { return *make_service(text); }

}  // namespace

simulated_service random_service(world& in) {
    switch (in.random.below(11)) {
        case 9:
        case 10:
            return {.name = "relay",
                    .make = spec(in.random.one_of({"relay", "relay,overflow=drop_oldest"})),
                    .reply = nothing,
                    .in_order = false,
                    .relays = true,
                    .skips = true};
        case 0:
        case 1: return {.name = "echo", .make = spec("echo"), .reply = itself, .streams = true};
        case 2:
            return {.name = "function",
                    .make = service_from(reply_now),
                    .reply = reversed,
                    .fatal = "throw"};
        case 3:
            return {
                .name = "pieces",
                .make = service_factory([&in] { return std::make_unique<in_pieces>(in.random); }),
                .reply = reversed};
        case 4:
            return {.name = "acknowledge",
                    .make = spec("acknowledge:OK"),
                    .reply = [](const std::string&) { return std::optional<std::string>("OK"); },
                    .streams = true};
        case 5:
            return {.name = "until",
                    .make = spec("echo,until=exit"),
                    .reply = itself,
                    .streams = true,
                    .last = "exit"};
        case 6:
            return {.name = "later",
                    .make = service_factory(
                        [&in] { return std::make_unique<later>(in, order::as_received); }),
                    .reply = seldom_nothing,
                    .skips = true,
                    .fatal = "drop"};
        case 7:
            return {.name = "unordered",
                    .make = service_factory(
                        [&in] { return std::make_unique<later>(in, order::as_completed); }),
                    .reply = seldom_nothing,
                    .in_order = false,
                    .skips = true};
        default:
            return {.name = "pushing",
                    .make = service_factory([&in] { return std::make_unique<pushing>(in); }),
                    .reply = itself,
                    .pushes = true};
    }
}

}  // namespace framewire::tests
