#include "run_cases.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace framewire {
namespace {

/// Outcomes in the order of their cases.
class outcome_list {
public:
    outcome_list(std::size_t size, const std::function<void(check_outcome)>& done)
        : all_(size), done_(done) {}

    /// The next case that nobody has taken; nothing after the last, or after a failure.
    std::optional<std::size_t> take() {
        const std::lock_guard lock(mutex_);
        if (failure_ || taken_ == all_.size()) return std::nullopt;
        return taken_++;
    }
    void put(std::size_t number, check_outcome outcome) {
        const std::lock_guard lock(mutex_);
        all_[number] = std::move(outcome);
        for (; reported_ < all_.size() && all_[reported_]; ++reported_) {
            done_(*std::move(all_[reported_]));
        }
    }
    void fail(std::exception_ptr why) {
        const std::lock_guard lock(mutex_);
        failure_ = std::move(why);
    }
    void finish() const {
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    std::mutex mutex_;
    std::vector<std::optional<check_outcome>> all_;
    const std::function<void(check_outcome)>& done_;
    std::size_t taken_ = 0;
    std::size_t reported_ = 0;
    std::exception_ptr failure_;
};

}  // namespace

// The first decides whether the others are worth while. What a thread throws ends the command.
void run_cases(case_runner& runner, const std::vector<check_case>& cases, std::uint64_t parallel,
               const std::function<void(check_outcome)>& done) {
    outcome_list outcomes(cases.size(), done);
    if (const auto first = outcomes.take()) outcomes.put(*first, runner.run(cases[*first]));
    const auto work = [&] {
        try {
            while (const auto next = outcomes.take()) {
                outcomes.put(*next, runner.run(cases[*next]));
            }
        } catch (...) {
            outcomes.fail(std::current_exception());
        }
    };
    std::vector<std::jthread> others;
    for (std::uint64_t i = 1; i < std::min<std::uint64_t>(parallel, cases.size()); ++i) {
        others.emplace_back(work);
    }
    work();
    others.clear();
    outcomes.finish();
}

std::string describe_service(const check_plan& plan) {
    const auto& subject = plan.subject;
    std::string text = "echo";
    switch (subject.service) {
        case replying::echo: break;
        case replying::text:
            text = fmt::format("the reply \"{}\" to each message", subject.text);
            break;
        case replying::any: text = "one reply to each message"; break;
        case replying::nothing: text = "no replies"; break;
    }
    if (subject.has_one_exchange) text += ", and the end after the first";
    return text;
}

}  // namespace framewire
