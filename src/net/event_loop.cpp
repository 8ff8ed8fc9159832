#include "event_loop.hpp"

#include "connection.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <exception>
#include <memory>
#include <utility>

namespace framewire {

event_loop::event_loop(server_plan& plan, int listener)
    : plan_(plan),
      listener_(io_, listener),
      accept_pause_(io_),
      drain_deadline_(io_),
      deadlines_(io_) {
    wait_for_connections();
}

event_loop::~event_loop() {
    finished_ = true;  // the other loops may be gone
    listener_.close();
    for_each_connection(&connection::abort);
    // Connections end in handlers of their own.
    io_.restart();
    io_.poll();
}

void event_loop::stop() {
    asio::post(io_, [this] { draining_ ? abort() : drain(); });
}

void event_loop::wait_for_connections() {
    listener_.async_wait(asio::posix::descriptor_base::wait_read,
                         [this](const system_error_code& error) {
                             if (!error) accept_some();
                         });
}

// Takes a bounded number of connections, so that those that are open get their turn in a storm.
void event_loop::accept_some() {
    if (!listener_.is_open()) return;
    constexpr int accepts_per_turn = 64;
    for (int i = 0; i < accepts_per_turn; ++i) {
        if (!accept_one()) return;
    }
    wait_for_connections();
}

// False if this turn's accepting is over and the next is arranged.
bool event_loop::accept_one() {
    const int descriptor = accept_connection(listener_.native_handle());
    if (descriptor >= 0) {
        open(descriptor);
        return true;
    }
    const int error = errno;
    switch (after_failed_accept(error)) {
        case accept_advice::retry: return true;
        case accept_advice::wait: wait_for_connections(); break;
        case accept_advice::pause: pause_accepting(error); break;
    }
    return false;
}

void event_loop::open(int descriptor) {
    loop_counters::add(counters_.accepted, 1);
    any_socket socket(io_);
    if (!assign(socket, descriptor)) return refuse(errc::io_failed);
    if (plan_.open.fetch_add(1) >= plan_.settings.connections_max) {
        plan_.open.fetch_sub(1);
        return refuse(errc::limit_connections);
    }
    prepare_connection(descriptor);
    std::shared_ptr<connection> opened;
    // What a maker of services throws, or memory that cannot be had, costs this connection and no
    // other.
    try {
        opened = std::make_shared<connection>(*this, std::move(socket));
    } catch (...) {
        plan_.open.fetch_sub(1);
        return refuse(errc::io_failed);
    }
    connections_.push_back(*opened);
    opened->start();
    if (draining_) opened->drain();
}

void event_loop::refuse(errc why) {
    counters_.failed(why);
    if (plan_.settings.watch != nullptr) plan_.settings.watch->refused(why);
}

// The connection waits in the backlog meanwhile, so nothing is lost, and open ones go on.
void event_loop::pause_accepting(int why) {
    refuse(why == EMFILE || why == ENFILE ? errc::limit_fd : errc::io_failed);
    accept_pause_.expires_after(accept_pause);
    accept_pause_.async_wait([this](const system_error_code& error) {
        if (!error) accept_some();
    });
}

void event_loop::drain() {
    if (finished_) return;
    draining_ = true;
    // A closed listener resets what waits in its queue, so that is taken first.
    while (true) {
        const int descriptor = accept_connection(listener_.native_handle());
        if (descriptor >= 0) {
            open(descriptor);
        } else if (after_failed_accept(errno) != accept_advice::retry) {
            break;
        }
    }
    accept_pause_.cancel();
    listener_.close();
    drain_deadline_.expires_after(plan_.settings.drain);
    drain_deadline_.async_wait([this](const system_error_code& error) {
        if (!error) abort();
    });
    for_each_connection(&connection::drain);
    connection_closed();
}

void event_loop::abort() {
    for_each_connection(&connection::abort);
    connection_closed();
}

void event_loop::connection_closed() {
    if (!draining_ || finished_ || !connections_.empty()) return;
    finished_ = true;
    if (plan_.loops_running.fetch_sub(1) == 1) plan_.all_finished();
}

// What is done to a connection may take it, but no other, out of the list.
void event_loop::for_each_connection(void (connection::*action)()) {
    for (auto at = connections_.begin(); at != connections_.end();) {
        auto& one = *at;
        ++at;
        (one.*action)();
    }
}

}  // namespace framewire
