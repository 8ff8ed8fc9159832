#include "input_messages.hpp"

#include "framewire/core/escapes.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <utility>

namespace framewire {
namespace {

constexpr std::size_t read_bytes = 64 * KiB;

// Also true at the end, for files that never block, and where the system cannot tell: reading
// will.
bool has_input() noexcept {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    const int found = ::poll(&input, 1, 0);
    return found > 0 || (found < 0 && errno != EINTR);
}

// The user's own input, which may come as slowly and in as small pieces as it likes.
limits limits_of_input(std::uint64_t payload_bytes_max) {
    limits bounds;
    bounds.assembled_bytes_max = payload_bytes_max;
    bounds.tiny_frames_per_second_max = 0;
    return bounds;
}

}  // namespace

input_messages::input_messages(const framing& frames, std::uint64_t payload_bytes_max)
    : frames_(std::make_unique<session>(frames, limits_of_input(payload_bytes_max),
                                        delivery::whole, std::chrono::steady_clock::now())) {}

result<next_message> input_messages::next() {
    while (true) {
        if (auto found = take()) return std::move(*found);
        if (!has_input()) return message_later{STDIN_FILENO};
        if (auto done = read(); !done) return tl::unexpected(done.error());
    }
}

std::optional<result<next_message>> input_messages::take() {
    return frames_ ? take_frame() : take_line();
}

std::optional<result<next_message>> input_messages::take_line() {
    const auto end = input_.find('\n', searched_);
    if (end != std::string::npos) {
        auto line = input_.substr(taken_, end - taken_);
        taken_ = searched_ = end + 1;
        return as_message(std::move(line));
    }
    input_.erase(0, std::exchange(taken_, 0));
    searched_ = input_.size();
    if (!ended_) return std::nullopt;
    if (input_.empty()) return no_more_messages{};
    searched_ = 0;
    return as_message(std::exchange(input_, {}));
}

result<next_message> input_messages::as_message(std::string line) const {
    if (!unescapes_) return line;
    return unescape(line).map([](std::string&& text) -> next_message { return std::move(text); });
}

std::optional<result<next_message>> input_messages::take_frame() {
    const auto found = frames_->next();
    if (!found) return std::nullopt;
    switch (found->what) {
        case event::kind::frame: return message(std::string(found->piece.payload));
        case event::kind::finished: return no_more_messages{};
        case event::kind::skipped:
            return tl::unexpected(
                failure{fmt::format("standard input: a frame of {} bytes is too large",
                                    found->piece.announced),
                        "raise --max-payload"});
        case event::kind::failed: break;
    }
    return tl::unexpected(failure{"standard input: " + frames_->failure()->message(),
                                  "--framed must be the framing of standard input"});
}

// Requires: all that was read before has been taken as far as it is complete.
result<void> input_messages::read() {
    if (frames_) frames_->hold();
    const auto kept = frames_ ? 0 : input_.size();
    input_.resize(kept + read_bytes);
    auto size = ::read(STDIN_FILENO, input_.data() + kept, read_bytes);
    while (size < 0 && errno == EINTR) {
        size = ::read(STDIN_FILENO, input_.data() + kept, read_bytes);
    }
    input_.resize(kept + static_cast<std::size_t>(size < 0 ? 0 : size));
    if (size < 0 && errno != EAGAIN) {
        return tl::unexpected(
            failure{fmt::format("cannot read standard input: {}", system_words(errno))});
    }
    ended_ = size == 0;
    if (frames_ && ended_) frames_->receive_eof();
    if (frames_ && size > 0) frames_->receive(input_);
    return {};
}

}  // namespace framewire
