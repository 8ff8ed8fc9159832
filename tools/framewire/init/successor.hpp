#pragma once

#include "framewire/core/result.hpp"
#include "framewire/net/listening_places.hpp"

#include <sys/types.h>
#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace framewire {

/// Starts this program once more, with the words and the environment that it was started with. The
/// new process inherits the listening sockets, and reports when it serves.
class successor {
public:
    /// What has become of the new process: its number if it serves, else why it does not.
    using report = std::function<void(result<int> process)>;

    /// Remembers how the program was started. Requires: constructed before `notifier::take` and
    /// `take_inherited_sockets` change the environment.
    successor();
    successor(const successor&) = delete;
    successor& operator=(const successor&) = delete;
    ~successor() { give_up(); }

    /// Starts the new process; `then` is called on another thread. Fails if the system refuses it,
    /// if one was started that serves, or may still come to. The sockets stay open here.
    [[nodiscard]] result<void> start(const std::vector<adopted_socket>& listeners, report then);

    /// Ends the new process if it does not serve yet. After this `then` is not called.
    void give_up() noexcept;

private:
    void wait(int ready, pid_t process, const report& then);

    std::string path_;
    std::vector<std::string> words_;
    std::vector<std::string> environment_;
    enum class state { none, starting, serves };
    std::atomic<state> state_{state::none};
    std::atomic<pid_t> process_{0};
    std::thread waiting_;
};

/// The end of the process that is to be succeeded by this one.
class predecessor {
public:
    /// Requires: no other thread reads the environment.
    static predecessor take();
    predecessor(predecessor&& other) noexcept;
    predecessor& operator=(predecessor&&) = delete;
    predecessor(const predecessor&) = delete;
    ~predecessor();

    [[nodiscard]] bool exists() const noexcept { return descriptor_ >= 0; }
    /// This process serves: the other one leaves new connections to it.
    void succeed() noexcept;

private:
    explicit predecessor(int descriptor) noexcept : descriptor_(descriptor) {}

    int descriptor_;
};

/// What a predecessor calls the sockets that it passes, see `adopted_socket`.
inline constexpr std::string_view own_socket_name = "framewire-own";
inline constexpr std::string_view own_file_name = "framewire-own-file";
inline constexpr std::string_view kept_socket_name = "framewire-kept";

}  // namespace framewire
