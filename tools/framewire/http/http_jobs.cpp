#include "http_jobs.hpp"

#include <sys/eventfd.h>
#include <unistd.h>
#include <cerrno>
#include <exception>
#include <iterator>
#include <system_error>
#include <utility>

namespace framewire {

http_jobs::http_jobs(poller& in, receiver receive)
    : poller_(in),
      receive_(std::move(receive)),
      ended_event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!poller_.add(ended_event_.get(), *this, {.readable = true})) {
        throw std::system_error(errno, std::system_category(), "cannot wait for threads");
    }
}

http_jobs::~http_jobs() {
    for (auto& one : jobs_) one.thread.request_stop();
    jobs_.clear();
    poller_.remove(ended_event_.get());
}

bool http_jobs::start(std::uint64_t number, http_work work) {
    jobs_.emplace_back(number);
    const auto one = std::prev(jobs_.end());
    try {
        one->thread = std::jthread(
            [this, one, work = std::move(work)](std::stop_token stop) { run(one, work, stop); });
    } catch (const std::exception&) {
        jobs_.erase(one);
        return false;
    }
    return true;
}

void http_jobs::run(job_list::iterator one, const http_work& work, std::stop_token stop) noexcept {
    try {
        one->answer = work(std::move(stop));
    } catch (const std::exception&) {
        one->answer.reset();
    }
    one->has_ended = true;
    constexpr std::uint64_t signal = 1;
    (void)!::write(ended_event_.get(), &signal, sizeof signal);
}

void http_jobs::ready(interest /*found*/) {
    std::uint64_t count = 0;
    (void)!::read(ended_event_.get(), &count, sizeof count);
    for (auto one = jobs_.begin(); one != jobs_.end();) {
        if (!one->has_ended) {
            ++one;
            continue;
        }
        one->thread.join();
        receive_(one->number, std::move(one->answer));
        one = jobs_.erase(one);
    }
}

}  // namespace framewire
