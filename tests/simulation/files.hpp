#pragma once

#include "link.hpp"

#include <sys/epoll.h>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

namespace framewire::tests {

/// What a descriptor of the simulated system refers to.
class open_file {
public:
    virtual ~open_file() = default;
    /// The events of epoll that hold now.
    [[nodiscard]] virtual std::uint32_t ready() const = 0;
    /// The last descriptor was closed.
    virtual void closed() {}

    int descriptors = 0;
};

class event_counter final : public open_file {
public:
    [[nodiscard]] std::uint32_t ready() const override { return count > 0 ? EPOLLIN : 0U; }
    std::uint64_t count = 0;
};

class stream_file final : public open_file {
public:
    [[nodiscard]] std::uint32_t ready() const override;
    void closed() override;

    std::shared_ptr<link> connection;  // null before `connect`
    link::side side = link::ours;
    bool connecting = false;
    bool resets = false;     // when it is closed
    std::uint16_t port = 0;  // that it is bound to
    bool shares_port = false;
};

class listening_file final : public open_file {
public:
    explicit listening_file(std::uint16_t at) : port(at) {}
    [[nodiscard]] std::uint32_t ready() const override { return backlog.empty() ? 0U : EPOLLIN; }
    void closed() override;

    std::uint16_t port;
    std::deque<std::shared_ptr<link>> backlog;
    nanoseconds refused_at{};       // for want of descriptors, memory or a poller
    std::uint64_t accepted_in = 0;  // a turn
    std::size_t accepts = 0;        // of that turn
};

class poll_file final : public open_file {
public:
    struct watch {
        std::weak_ptr<open_file> file;
        std::uint32_t events = 0;
        epoll_data_t data{};
    };
    [[nodiscard]] std::uint32_t ready() const override;
    [[nodiscard]] std::vector<epoll_event> found() const;
    static std::uint32_t found(const watch& one);

    std::map<int, watch> watches;
};

/// The descriptors of the simulated program.
class file_table {
public:
    /// So that none is one of the real system's.
    static constexpr int first = 1000;
    [[nodiscard]] static bool knows(int descriptor) noexcept { return descriptor >= first; }

    /// The lowest free descriptor, or -EMFILE.
    int open(std::shared_ptr<open_file> file);
    /// Null if it is not open.
    [[nodiscard]] std::shared_ptr<open_file> find(int descriptor) const noexcept;
    /// Requires: open.
    void close(int descriptor);
    /// The descriptor refers to something else from now on. Requires: open.
    void replace(int descriptor, std::shared_ptr<open_file> by);
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    /// No more than so many may be open from now on.
    void limit(std::size_t most) noexcept { most_ = most; }

private:
    std::vector<std::shared_ptr<open_file>> files_;
    std::size_t count_ = 0;
    std::size_t most_ = 100'000;
};

}  // namespace framewire::tests
