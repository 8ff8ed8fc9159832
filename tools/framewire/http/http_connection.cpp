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

http_connection::http_connection(std::uint64_t number, owned_descriptor socket, poller& in,
                                 http_site& site, http_jobs& jobs)
    : number_(number),
      socket_(std::move(socket)),
      poller_(in),
      site_(site),
      jobs_(jobs),
      waits_for_{.readable = true} {
    prepare_connection(socket_.get());
    enter(phase::reading, idle_timeout);
    if (!poller_.add(socket_.get(), *this, waits_for_)) close();
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
    std::array<char, 16 * KiB> chunk{};
    const auto size = receive_some(socket_.get(), chunk);
    if (size > 0) {
        input_.append(chunk.data(), static_cast<std::size_t>(size));
    } else if (size == 0 || !is_transient(errno)) {
        close();
    }
}

// Serves all complete requests without reading in between.
void http_connection::answer_requests() {
    while (phase_ == phase::reading && answer_request()) {
    }
    switch (phase_) {
        case phase::reading:
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
    while (sent_ < output_.size()) {
        const auto size = send_some(socket_.get(), std::string_view(output_).substr(sent_));
        if (size < 0 && errno == EINTR) continue;
        if (size < 0 && is_transient(errno)) return;
        if (size < 0) return close();
        sent_ += static_cast<std::size_t>(size);
    }
    if (!keep_alive_) return linger();
    output_.clear();
    enter(phase::reading, idle_timeout);
}

void http_connection::linger() {
    (void)::shutdown(socket_.get(), SHUT_WR);
    enter(phase::lingering, linger_time);
}

void http_connection::discard() {
    std::array<char, 4 * KiB> chunk{};
    const auto size = receive_some(socket_.get(), chunk);
    if (size < 0 && is_transient(errno)) return;
    if (size > 0) discarded_ += static_cast<std::size_t>(size);
    if (size <= 0 || discarded_ > discarded_bytes_max) close();
}

void http_connection::close() noexcept {
    if (socket_.is_open()) poller_.remove(socket_.get());
    socket_.close();
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
    if (!poller_.change(socket_.get(), *this, wanted)) close();
}

}  // namespace framewire
