#include "load_survey.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace framewire {
namespace {

using clock = std::chrono::steady_clock;

// Shared with the loops, which may answer after everybody has left.
struct answers {
    explicit answers(std::size_t loops) : of(loops), missing(loops) {}

    std::mutex mutex;
    std::condition_variable_any changed;
    std::vector<surveyed_loop> of;
    std::size_t missing;
};

}  // namespace

std::vector<surveyed_loop> survey_loops(const server& of, std::size_t loops,
                                        std::chrono::milliseconds at_most,
                                        const std::stop_token& stop) {
    const auto all = std::make_shared<answers>(loops);
    const auto asked = clock::now();
    of.survey([all, asked](const loop_load& one) {
        const std::lock_guard lock(all->mutex);
        if (one.loop >= all->of.size()) return;
        all->of.at(one.loop) = {one, clock::now() - asked, true};
        if (--all->missing == 0) all->changed.notify_all();
    });
    std::unique_lock lock(all->mutex);
    all->changed.wait_for(lock, stop, at_most, [&] { return all->missing == 0; });
    for (auto& one : all->of) {
        if (!one.has_answered) one.lag = clock::now() - asked;
    }
    return all->of;
}

}  // namespace framewire
