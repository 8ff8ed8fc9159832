#include "socket_file.hpp"

#include "listening.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

namespace framewire {
namespace {

// Keeps other servers from examining, replacing or removing files of sockets meanwhile. The lock
// is one of the folder, so it leaves no file. Where a folder cannot be read or locked, we do
// without.
class folder_lock {
public:
    explicit folder_lock(const std::string& path) {
        const auto slash = path.rfind('/');
        const auto folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
        folder_ = owned_descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!folder_.is_open()) return;
        constexpr std::chrono::milliseconds pause{5};
        constexpr int attempts_max = 200;
        for (int i = 0; ::flock(folder_.get(), LOCK_EX | LOCK_NB) != 0; ++i) {
            if (errno != EWOULDBLOCK) return;
            is_refused_ = i == attempts_max;
            if (is_refused_) return;
            std::this_thread::sleep_for(pause);
        }
    }
    folder_lock(const folder_lock&) = delete;
    folder_lock& operator=(const folder_lock&) = delete;
    // A child process may have a copy of the descriptor, so closing it would not suffice.
    ~folder_lock() {
        if (folder_.is_open()) ::flock(folder_.get(), LOCK_UN);
    }

    [[nodiscard]] bool is_refused() const noexcept { return is_refused_; }

private:
    owned_descriptor folder_;
    bool is_refused_ = false;
};

// A socket file without a listener is left from a server that was killed.
void remove_dead_socket(const std::string& path, const sockaddr* at, socklen_t size) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return;
    const owned_descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!probe.is_open()) return;
    if (::connect(probe.get(), at, size) != 0 && errno == ECONNREFUSED) ::unlink(path.c_str());
}

// Nobody can connect before we listen.
bool give_to(const std::string& path, const file_access& access) {
    if (!access.owner && !access.group) return true;
    constexpr auto unchanged = static_cast<uid_t>(-1);
    return ::fchownat(AT_FDCWD, path.c_str(), access.owner.value_or(unchanged),
                      access.group.value_or(unchanged), AT_SYMLINK_NOFOLLOW) == 0;
}

// What the umask has taken from the permissions. Nobody can connect before we listen.
bool give_permissions(const std::string& path, mode_t mode) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return false;
    constexpr mode_t permissions = 07777;
    return (status.st_mode & permissions) == mode ||
           ::fchmodat(AT_FDCWD, path.c_str(), mode, AT_SYMLINK_NOFOLLOW) == 0;
}

}  // namespace

tl::expected<socket_file, int> socket_file::bind(int socket, const std::string& path,
                                                 const file_access& access, const sockaddr* at,
                                                 socklen_t size) {
    const folder_lock lock(path);
    if (lock.is_refused()) return tl::unexpected(EBUSY);
    remove_dead_socket(path, at, size);
    // The permissions of a socket are those of its file, if they are set first.
    if (access.mode && ::fchmod(socket, *access.mode) != 0) return tl::unexpected(errno);
    if (::bind(socket, at, size) != 0) return tl::unexpected(errno);
    const auto fail = [&](int error) {
        ::unlink(path.c_str());
        return tl::unexpected(error);
    };
    if (!give_to(path, access)) return fail(errno);
    if (access.mode && !give_permissions(path, *access.mode)) return fail(errno);
    if (::listen(socket, backlog_max) != 0) return fail(errno);
    return socket_file(path);
}

socket_file::socket_file(std::string path)
    : path_(std::move(path)), file_(::open(path_.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)) {}

socket_file::socket_file(socket_file&& other) noexcept
    : path_(std::exchange(other.path_, {})), file_(std::move(other.file_)) {}

socket_file& socket_file::operator=(socket_file&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(file_, other.file_);
    return *this;
}

void socket_file::remove() noexcept {
    if (!file_.is_open()) return;
    try {
        const folder_lock lock(path_);
        struct stat ours {};
        struct stat found {};
        if (lock.is_refused() || ::fstat(file_.get(), &ours) != 0 ||
            ::lstat(path_.c_str(), &found) != 0) {
            return;
        }
        if (ours.st_dev == found.st_dev && ours.st_ino == found.st_ino) ::unlink(path_.c_str());
    } catch (...) {
        return;  // without memory it stays, and the next server replaces it
    }
}

}  // namespace framewire
