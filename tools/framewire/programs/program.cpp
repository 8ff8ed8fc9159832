#include "program.hpp"

#include "framewire/core/error.hpp"
#include "framewire/core/quote.hpp"
#include "io/sockets.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace framewire {
namespace {

// Room for the last lines of a stack trace, in a line of the log.
constexpr std::size_t complaint_bytes_max = 1024;
// A pipe holds this much.
constexpr std::size_t read_bytes = 64 * KiB;
// From SIGTERM to SIGKILL.
constexpr std::chrono::seconds kill_after{1};

struct pipe_ends {
    owned_descriptor read;
    owned_descriptor write;
};

result<pipe_ends> open_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return tl::unexpected(
            failure{fmt::format("cannot start a command: {}", system_words(errno))});
    }
    return pipe_ends{owned_descriptor(ends[0]), owned_descriptor(ends[1])};
}

// Needs no memory itself.
std::string no_memory() noexcept { return "out of memory"; }

void do_not_block(int descriptor) noexcept {
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

}  // namespace

program::program(poller& in, timer_wheel& timers, program_request what,
                 std::function<void()> ended)
    : timers_(timers),
      request_(std::move(what)),
      ended_(std::move(ended)),
      input_(in),
      output_(in),
      errors_(in),
      exit_(in) {}

void program::start() noexcept {
    bool runs = false;
    guarded([&] {
        const auto opened = open();
        runs = opened.has_value();
        if (!runs) finish(opened.error().message());
    });
    if (!runs && !done()) finish(no_memory());
}

// Without memory, there is no result; and what still runs is ended.
template <class Act>
void program::guarded(Act act) noexcept {
    try {
        act();
    } catch (const std::exception&) {
        lacks_memory_ = true;
        output_.close();
        errors_.close();
        if (id_ > 0) end(std::chrono::milliseconds(0));
    }
}

result<void> program::open() {
    auto errors = open_pipe();
    if (!errors) return tl::unexpected(errors.error());
    pipe_ends input;
    pipe_ends output;
    standard_streams streams{request_.stream.get(), request_.stream.get(), errors->write.get()};
    if (!has_stream()) {
        for (auto* one : {&input, &output}) {
            auto ends = open_pipe();
            if (!ends) return tl::unexpected(ends.error());
            *one = std::move(*ends);
        }
        streams.input = input.read.get();
        streams.output = output.write.get();
    }
    auto started = spawn(request_.command, request_.whom, streams);
    if (!started) return tl::unexpected(started.error());
    id_ = started->id;
    constexpr interest reads{.readable = true};
    for (const auto* ours : {&errors->read, &output.read, &input.write}) {
        if (ours->is_open()) do_not_block(ours->get());
    }
    bool polled = exit_.open(std::move(started->exit), reads, [this] { reap(); }) &&
                  errors_.open(std::move(errors->read), reads,
                               [this] { guarded([this] { read_errors(); }); });
    if (polled && !has_stream()) {
        polled = output_.open(std::move(output.read), reads, [this] {
            guarded([this] { read_output(); });
        }) && input_.open(std::move(input.write), {.writable = true}, [this] { write_input(); });
    }
    if (polled) return {};
    const int why = errno;
    ::kill(-id_, SIGKILL);
    ::waitpid(std::exchange(id_, -1), nullptr, 0);
    return tl::unexpected(failure{fmt::format("cannot start a command: {}", system_words(why))});
}

// A program that does not read all of its input is no failure.
void program::write_input() {
    while (written_ < request_.input.size()) {
        const auto taken = ::write(input_.get(), request_.input.data() + written_,
                                   request_.input.size() - written_);
        if (taken < 0 && is_transient(errno)) return;
        if (taken < 0) break;
        written_ += static_cast<std::size_t>(taken);
    }
    input_.close();
    std::string().swap(request_.input);
}

// False if nothing more can be read now.
bool program::read_output() {
    if (!output_.is_open()) return false;
    std::array<char, read_bytes> buffer{};
    const auto size = ::read(output_.get(), buffer.data(), buffer.size());
    if (size < 0 && is_transient(errno)) return false;
    if (size <= 0) {
        output_.close();
        return false;
    }
    written_by_it_.append(buffer.data(), static_cast<std::size_t>(size));
    if (written_by_it_.size() <= request_.output_bytes_max) return true;
    too_large_ = true;
    output_.close();
    end(std::chrono::milliseconds(0));
    return false;
}

bool program::read_errors() {
    if (!errors_.is_open()) return false;
    std::array<char, 4 * KiB> buffer{};
    const auto size = ::read(errors_.get(), buffer.data(), buffer.size());
    if (size < 0 && is_transient(errno)) return false;
    if (size <= 0) {
        errors_.close();
        return false;
    }
    complaint_.append(buffer.data(), static_cast<std::size_t>(size));
    if (complaint_.size() <= complaint_bytes_max) return true;
    is_complaint_cut_ = true;
    complaint_.erase(0, complaint_.size() - complaint_bytes_max);
    return true;
}

void program::end(std::chrono::milliseconds grace) {
    if (done() || next_signal_ != 0) return;
    next_signal_ = SIGTERM;
    next_signal_at_ = std::chrono::steady_clock::now() + grace;
    timers_.arm(*this, on_timer(std::chrono::steady_clock::now()));
}

time_point program::on_timer(time_point now) {
    if (done() || now < next_signal_at_) return next_signal_at_;
    ::kill(-id_, next_signal_);
    const bool was_last = std::exchange(next_signal_, SIGKILL) == SIGKILL;
    next_signal_at_ = was_last ? time_point::max() : now + kill_after;
    return next_signal_at_;
}

// Until it is waited for, no other process group can have its number. What others that have it
// open still write to its pipes is not waited for.
void program::reap() noexcept {
    ::kill(-id_, SIGKILL);
    std::string failure;
    guarded([&] {
        // Bounded: an endless writer that has left the group may still have it open.
        constexpr std::size_t rest_bytes_max = 1 * MiB;
        for (std::size_t i = 0; i < rest_bytes_max / (4 * KiB) && read_errors(); ++i) continue;
        while (read_output()) continue;
    });
    int status = 0;
    while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) continue;
    id_ = -1;
    guarded([&] {
        failure = too_large_ ? fmt::format("the command wrote more than {} bytes",
                                           request_.output_bytes_max)
                             : failure_of(status);
    });
    finish(lacks_memory_ ? no_memory() : std::move(failure));
}

void program::finish(std::string failure) noexcept {
    for (auto* one : {&input_, &output_, &errors_, &exit_}) one->close();
    timer_hook::unlink();
    std::exchange(ended_, nullptr)();
    std::exchange(request_.then, nullptr)(
        {std::move(failure), std::move(written_by_it_), std::move(request_.stream)});
}

std::string program::failure_of(int status) const {
    if (status == 0) return {};
    auto words = WIFSIGNALED(status)
                     ? fmt::format("the command was ended by signal {} ({})", WTERMSIG(status),
                                   ::strsignal(WTERMSIG(status)))
                     : fmt::format("the command ended with status {}", WEXITSTATUS(status));
    bytes complaint(complaint_);
    while (complaint.ends_with('\n')) complaint.remove_suffix(1);
    if (complaint.empty()) return words;
    return words + (is_complaint_cut_ ? ": ..." : ": ") + quote(complaint);
}

}  // namespace framewire
