#include "recorded_server.hpp"

#include <sys/eventfd.h>
#include <unistd.h>
#include <cerrno>
#include <utility>

namespace framewire {

namespace {

using kind = transcript_line::kind;

}  // namespace

recorded_server::recorded_server(const framing& frames)
    : conversation_{frames, {}}, changed_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

result<void> recorded_server::start(const service_factory& service) {
    if (!changed_.is_open()) {
        return tl::unexpected(failure{"cannot start a server: " + system_words(errno)});
    }
    server_settings settings;
    settings.observer = this;
    auto listening =
        server::listen(address{"127.0.0.1", 0, {}}, conversation_.framing, service, settings);
    if (!listening) return tl::unexpected(listening.error());
    server_ = *std::move(listening);
    thread_ = std::thread([this] { server_->run(); });
    return {};
}

void recorded_server::stop() {
    if (!thread_.joinable()) return;
    server_->stop();
    server_->stop();
    thread_.join();
}

void recorded_server::signal_change() const noexcept {
    const std::uint64_t one = 1;
    (void)!::write(changed_.get(), &one, sizeof one);
}

void recorded_server::take_changes() const noexcept {
    std::uint64_t count = 0;
    (void)!::read(changed_.get(), &count, sizeof count);
}

std::uint64_t recorded_server::bytes_received() const {
    const std::lock_guard lock(mutex_);
    return bytes_received_;
}

bool recorded_server::has_closed() const {
    const std::lock_guard lock(mutex_);
    return has_closed_;
}

void recorded_server::on(const peer& /*who*/, const occurrence& what) {
    const auto record = overloaded{
        [&](const occurred::received_bytes& some) {
            console_ += printer_.from_peer(some.data, time_point{});
            bytes_received_ += some.data.size();
            add(kind::from_peer, some.data);
        },
        [&](const occurred::received& frame) {
            console_ += printer_.frame(frame.payload, frame.offset);
        },
        [&](const occurred::skipped& frame) {
            console_ += printer_.skipped(frame.size, frame.offset);
        },
        [&](const occurred::peer_ended&) {
            console_ += printer_.peer_ended(time_point{});
            add(kind::eof);
        },
        [&](const occurred::sent_bytes& some) {
            console_ += printer_.to_peer(some.data, time_point{});
            add(kind::to_peer, some.data);
        },
        [&](const occurred::closed& end) { record_closed(end.why); },
        [](const auto&) {},
    };
    {
        const std::lock_guard lock(mutex_);
        std::visit(record, what);
    }
    signal_change();
}

void recorded_server::record_closed(const close_reason& why) {
    if (why.what == close_reason::kind::by_error) {
        if (why.error->code == errc::frame_truncated) {
            console_ += printer_.peer_ended(time_point{});
            add(kind::eof);
        }
        console_ += printer_.failed(*why.error, time_point{});
    } else if (why.what == close_reason::kind::by_peer) {
        console_ += printer_.finished();
    } else {
        console_ += "# the service closes the connection\n";
    }
    has_closed_ = true;
}

// Consecutive writes of the server are one reply.
void recorded_server::add(kind what, bytes text) {
    auto& lines = conversation_.lines;
    if (what == kind::to_peer && !lines.empty() && lines.back().what == what) {
        lines.back().text += text;
    } else {
        lines.push_back({.what = what, .text = std::string(text)});
    }
}

}  // namespace framewire
