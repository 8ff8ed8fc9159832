#include "pipe_service.hpp"

#include "framewire/core/error.hpp"
#include "net/connection_plan.hpp"
#include "net/event_loop.hpp"
#include "program_link.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <new>
#include <utility>

namespace framewire {
namespace {

// A command whose peer has gone has this long to finish with what it has been sent.
constexpr std::chrono::seconds farewell{1};

// Serves the connection to the command.
class program_side final : public service {
public:
    explicit program_side(std::shared_ptr<program_link> link) : link_(std::move(link)) {}

    void opened(const peer& /*who*/, outbox& replies) override {
        link_->to_program->goes_to(replies.handle());
        link_->to_peer->comes_from(replies.handle());
        link_->to_program->flush(replies);
    }
    void receive(const piece& message, outbox& replies) override {
        link_->to_peer->take(message.payload, replies);
    }
    void writable(outbox& replies) override { link_->to_program->flush(replies); }
    void peer_ended(outbox& replies) override {
        link_->to_peer->end(link_->failure());
        replies.close();
    }
    // The command decides when it is done.
    bool stopping(outbox& /*replies*/) override { return true; }
    void left(const close_reason& why) override {
        link_->to_program->drop();
        link_->to_peer->end(failure_for(why));
    }

private:
    [[nodiscard]] std::string failure_for(const close_reason& why) const noexcept try {
        auto failure = link_->failure();
        if (!failure.empty() || why.error == nullptr) return failure;
        return fmt::format("at the command: {}", why.error->message());
    } catch (const std::bad_alloc&) {
        return "out of memory";
    }

    std::shared_ptr<program_link> link_;
};

struct socket_pair {
    owned_descriptor ours;
    owned_descriptor theirs;
};

result<socket_pair> open_socket_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return tl::unexpected(
            failure{fmt::format("cannot start a command: {}", system_words(errno))});
    }
    // Of our end only: commands do not expect it.
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return socket_pair{owned_descriptor(ends[0]), owned_descriptor(ends[1])};
}

// A command may take as long as it likes.
limits without_deadlines(limits bounds) {
    constexpr std::chrono::milliseconds off{0};
    bounds.header_deadline = bounds.body_deadline = bounds.idle_deadline = off;
    bounds.write_deadline = bounds.service_deadline = off;
    bounds.tiny_frames_per_second_max = 0;
    return bounds;
}

}  // namespace

void pipe_service::opened(const peer& who, outbox& replies) {
    who_ = who;
    auto ends = open_socket_pair();
    if (!ends) return replies.defer(order::as_completed).fail(ends.error().message());
    const auto handle = replies.handle();
    link_ = std::make_shared<program_link>(handle);
    plan_->runner->run({.command = plan_->command,
                        .whom = who,
                        .stream = std::move(ends->theirs),
                        .input = {},
                        .then = [link = link_](program_outcome outcome) {
                            link->program_ended(std::move(outcome));
                        }});
    auto ours = std::make_shared<owned_descriptor>(std::move(ends->ours));
    auto connection = std::make_shared<connection_plan>(
        plan_->frames, without_deadlines(plan_->bounds),
        [link = link_] { return std::make_unique<program_side>(link); }, nullptr,
        connection_role::connected);
    // A connection must not open another one inside its cycle, whose buffers are lent once.
    handle.post([ours, connection, link = link_](outbox& to) {
        const auto opened = event_loop::of(to).open(connection, {std::move(*ours)});
        if (!opened) link->to_peer->end(std::string(error_name(opened.error().why)));
    });
}

void pipe_service::receive(const piece& message, outbox& replies) {
    if (link_) link_->to_program->take(message.payload, replies);
}

void pipe_service::writable(outbox& replies) {
    if (link_) link_->to_peer->flush(replies);
}

void pipe_service::peer_ended(outbox& replies) {
    if (!link_) return replies.close();
    link_->to_program->end();
}

// As if the peer had ended its stream: what the command still writes is sent.
bool pipe_service::stopping(outbox& /*replies*/) {
    if (link_) link_->to_program->end();
    return link_ != nullptr;
}

void pipe_service::left(const close_reason& /*why*/) {
    if (!link_) return;
    link_->peer_left();
    plan_->runner->end(who_, farewell);
}

}  // namespace framewire
