#include "connect_to.hpp"

#include "connector.hpp"

#include <fmt/format.h>
#include <optional>
#include <system_error>
#include <utility>

namespace framewire {

result<owned_descriptor> connect_to(const address& where, std::chrono::milliseconds timeout) try {
    auto candidates = resolve(where, false);
    if (!candidates) return tl::unexpected(candidates.error());
    poller waiting;
    timer_wheel timers;
    std::optional<result<owned_descriptor>> outcome;
    connector one(waiting, timers, where, std::move(*candidates), timeout,
                  [&](result<owned_descriptor> found) { outcome = std::move(found); });
    one.start();
    while (!outcome) {
        if (const int error = waiting.broken(); error != 0) {
            throw std::system_error(error, std::system_category());
        }
        waiting.wait(timers.timeout());
        waiting.dispatch();
        timers.advance(std::chrono::steady_clock::now());
    }
    return std::move(*outcome);
} catch (const std::system_error& none_left) {
    return tl::unexpected(failure{fmt::format("cannot connect to {}: {}", where.text(),
                                              system_words(none_left.code().value()))});
}

}  // namespace framewire
