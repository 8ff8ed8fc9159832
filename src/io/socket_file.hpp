#pragma once

#include "descriptor.hpp"
#include "file_access.hpp"

#include <sys/socket.h>
#include <sys/types.h>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace framewire {

/// The file of a local socket that listens. It is removed with its owner, if it is still the same:
/// another server may have replaced it.
class socket_file {
public:
    /// Of no socket.
    socket_file() = default;
    socket_file(socket_file&& other) noexcept;
    socket_file& operator=(socket_file&& other) noexcept;
    ~socket_file() { remove(); }

    /// Binds the socket to the path and lets it listen. Replaces the file of a socket that nobody
    /// listens on any more, and nothing else. Without permissions of its own the file has
    /// those that the umask leaves. Fails with an `errno`; `EBUSY` if another program holds a lock
    /// on the folder for a second.
    static tl::expected<socket_file, int> bind(int socket, const std::string& path,
                                               const file_access& access, const sockaddr* at,
                                               socklen_t size);

    /// The file of a socket that someone else has bound.
    static socket_file adopt(std::string path) { return socket_file(std::move(path)); }

    /// Empty for no socket.
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    /// Leaves the file to another server.
    void abandon() noexcept {
        path_.clear();
        file_.close();
    }

private:
    explicit socket_file(std::string path);
    void remove() noexcept;

    std::string path_{};
    owned_descriptor file_{};  // as long as it is open, no other file has its number
};

}  // namespace framewire
