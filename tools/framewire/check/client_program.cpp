#include "client_program.hpp"

#include "framewire/core/error.hpp"
#include "framewire/core/units.hpp"
#include "framewire/service/peer.hpp"
#include "programs/spawn.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <cerrno>
#include <csignal>
#include <utility>

namespace framewire {
namespace {

// Of what a client prints.
constexpr std::size_t read_bytes_max = 1 * MiB;

// Files in memory take whatever is printed, without a reader.
std::string contents_of(int file) {
    std::string text(read_bytes_max, '\0');
    const auto size = ::pread(file, text.data(), text.size(), 0);
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
}

}  // namespace

result<client_program> client_program::start(const std::string& command, const endpoint& server) {
    client_program made;
    made.output_ = owned_descriptor(::memfd_create("output", MFD_CLOEXEC));
    made.errors_ = owned_descriptor(::memfd_create("errors", MFD_CLOEXEC));
    const owned_descriptor input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!made.output_.is_open() || !made.errors_.is_open() || !input.is_open()) {
        return tl::unexpected(
            failure{fmt::format("cannot start a command: {}", system_words(errno))});
    }
    peer ends;
    ends.remote = server;
    auto started = spawn(command, ends, {input.get(), made.output_.get(), made.errors_.get()});
    if (!started) return tl::unexpected(started.error());
    made.id_ = started->id;
    made.group_ = started->id;
    made.exit_ = std::move(started->exit);
    return made;
}

client_program& client_program::operator=(client_program&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(group_, other.group_);
    std::swap(status_, other.status_);
    std::swap(exit_, other.exit_);
    std::swap(output_, other.output_);
    std::swap(errors_, other.errors_);
    return *this;
}

// What it has started may still run when it has ended itself.
client_program::~client_program() {
    if (group_ > 0) ::kill(-group_, SIGKILL);
    if (id_ > 0) ::waitpid(id_, nullptr, 0);
}

bool client_program::ends(std::chrono::milliseconds within) {
    if (id_ < 0) return true;
    const auto until = std::chrono::steady_clock::now() + within;
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        pollfd ended{exit_.get(), POLLIN, 0};
        const int found = ::poll(&ended, 1, left.count() > 0 ? static_cast<int>(left.count()) : 0);
        if (found > 0) break;
        if (left.count() <= 0) return false;
    }
    int state = 0;
    if (::waitpid(std::exchange(id_, -1), &state, 0) < 0) return true;
    status_ = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
    return true;
}

std::string client_program::output() const { return contents_of(output_.get()); }

std::string client_program::last_error() const {
    auto text = contents_of(errors_.get());
    while (text.ends_with('\n')) text.pop_back();
    return text.substr(text.find_last_of('\n') + 1);
}

}  // namespace framewire
