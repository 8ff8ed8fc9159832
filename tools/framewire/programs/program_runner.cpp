#include "program_runner.hpp"

#include <cerrno>
#include <chrono>
#include <memory>
#include <new>
#include <system_error>
#include <utility>

namespace framewire {

program_runner::program_runner(std::size_t at_once_max) : at_once_max_(at_once_max) {
    if (!poller_.add(inbox_.descriptor(), inbox_, {.readable = true})) {
        throw std::system_error(errno, std::system_category(), "epoll");
    }
    thread_ = std::thread([this] { serve(); });
}

program_runner::~program_runner() {
    inbox_.post_urgent([this] {
        stops_ = true;
        waiting_.clear();
        for (auto& one : running_) one.end(std::chrono::milliseconds(0));
    });
    thread_.join();
}

void program_runner::run(program_request what) {
    // Shared, as a task must be copyable.
    auto request = std::make_shared<program_request>(std::move(what));
    inbox_.post([this, request] {
        if (request->stream.is_open()) return start(std::move(*request));
        waiting_.push_back(std::move(*request));
    });
}

void program_runner::end(const peer& whom, std::chrono::milliseconds grace) {
    inbox_.post([this, id = whom.id, grace] {
        std::erase_if(waiting_, [id](const auto& one) { return one.whom.id == id; });
        for (auto& one : running_) {
            if (one.peer_id() == id) one.end(grace);
        }
    });
}

// Programs are destroyed here, where none of their functions runs. A task that lacks memory drops
// its request, whose connection then ends.
void program_runner::serve() noexcept {
    const auto drop = [] {};
    while ((!stops_ || !running_.empty()) && poller_.broken() == 0) {
        poller_.wait(timers_.timeout());
        poller_.dispatch(drop);
        timers_.advance(std::chrono::steady_clock::now(), drop);
        start_waiting();
        running_.remove_if([](const auto& one) { return one.done(); });
    }
}

void program_runner::start(program_request what) noexcept {
    if (stops_) return;
    const bool counts = !what.stream.is_open();
    const auto ended = [this, counts] {
        if (counts) --at_once_;
    };
    try {
        running_.emplace_back(poller_, timers_, std::move(what), ended);
    } catch (const std::bad_alloc&) {
        // Nothing has been moved: a node of the list comes before what is in it.
        return what.then({"out of memory", {}, std::move(what.stream)});
    }
    if (counts) ++at_once_;
    running_.back().start();
}

void program_runner::start_waiting() noexcept {
    while (!waiting_.empty() && at_once_ < at_once_max_) {
        auto next = std::move(waiting_.front());
        waiting_.pop_front();
        start(std::move(next));
    }
}

}  // namespace framewire
