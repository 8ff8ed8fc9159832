#include "http_connection.hpp"

#include "framewire/core/units.hpp"
#include "io/sockets.hpp"

#include <array>
#include <cerrno>
#include <utility>
#include <variant>

namespace framewire {
namespace {

// For receiving a request, for writing a response, and for silence between requests.
constexpr std::chrono::seconds idle_timeout{10};

}  // namespace

http_connection::http_connection(std::uint64_t number, http_line line, poller& in, http_site& site,
                                 http_jobs& jobs)
    : number_(number),
      line_(std::move(line)),
      poller_(in),
      site_(site),
      jobs_(jobs),
      waits_for_{.readable = true} {
    prepare_connection(line_.descriptor());
    enter(phase::reading, idle_timeout);
    if (!poller_.add(line_.descriptor(), *this, waits_for_)) close();
}

http_connection::~http_connection() { close(); }

void http_connection::ready(interest /*found*/) {
    switch (phase_) {
        case phase::reading: receive(); break;
        // Nothing is waited for, so this is an error: the peer has reset the connection.
        case phase::working: close(); break;
        case phase::writing: send(); break;
        case phase::lingering: discard(); break;
        case phase::closed: break;
    }
    answer_requests();
}

void http_connection::finish(std::optional<http_response> response) {
    if (phase_ != phase::working) return;
    if (!response) return close();
    respond(*response);
    answer_requests();
}

void http_connection::receive() {
    if (!line_.receive(input_)) close();
}

// Serves all complete requests without reading in between.
void http_connection::answer_requests() {
    while (phase_ == phase::reading && answer_request()) {
    }
    switch (phase_) {
        case phase::reading: return wait_for({.readable = true, .writable = line_.is_blocked()});
        case phase::lingering: return wait_for({.readable = true});
        case phase::working: return wait_for({});
        case phase::writing: return wait_for({.writable = true});
        case phase::closed: break;
    }
}

// False if the request is incomplete.
bool http_connection::answer_request() {
    auto request = parser_.next(input_);
    if (!request) {
        keep_alive_ = false;
        only_header_ = false;
        respond(site_.refuse(request.error().status, request.error().words));
        return true;
    }
    if (!*request) return false;
    keep_alive_ = (*request)->keep_alive;
    only_header_ = (*request)->method == "HEAD";
    auto answer = site_.answer(**request);
    if (const auto* const response = std::get_if<http_response>(&answer)) {
        respond(*response);
    } else if (jobs_.start(number_, std::get<http_work>(std::move(answer)))) {
        phase_ = phase::working;
        deadline_ = time_point::max();
    } else {
        respond(site_.refuse(503, "the system has no thread left"));
    }
    return true;
}

void http_connection::respond(const http_response& response) {
    output_ = print_response(response, keep_alive_, only_header_);
    sent_ = 0;
    enter(phase::writing, idle_timeout);
    send();
}

void http_connection::send() {
    while (sent_ < output_.size() || line_.is_blocked()) {
        const auto taken = line_.send(bytes(output_).substr(sent_));
        if (!taken) return close();
        if (*taken == 0) return;
        sent_ += *taken;
    }
    if (!keep_alive_) return linger();
    output_.clear();
    enter(phase::reading, idle_timeout);
}

void http_connection::linger() {
    line_.end();
    enter(phase::lingering, linger_time);
}

void http_connection::discard() {
    std::array<char, 4 * KiB> chunk{};
    const auto size = receive_some(line_.descriptor(), chunk);
    if (size < 0 && is_transient(errno)) return;
    if (size > 0) discarded_ += static_cast<std::size_t>(size);
    if (size <= 0 || discarded_ > discarded_bytes_max) close();
}

void http_connection::close() noexcept {
    if (line_.is_open()) poller_.remove(line_.descriptor());
    line_.close();
    phase_ = phase::closed;
    deadline_ = time_point::max();
}

void http_connection::enter(phase next, std::chrono::milliseconds timeout) noexcept {
    phase_ = next;
    deadline_ = std::chrono::steady_clock::now() + timeout;
}

void http_connection::wait_for(interest wanted) noexcept {
    if (wanted == waits_for_) return;
    waits_for_ = wanted;
    if (!poller_.change(line_.descriptor(), *this, wanted)) close();
}

}  // namespace framewire
