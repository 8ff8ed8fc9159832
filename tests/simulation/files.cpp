#include "files.hpp"

#include "world.hpp"

#include <algorithm>
#include <cerrno>

namespace framewire::tests {

std::uint32_t stream_file::ready() const {
    if (connecting) return 0;
    if (!connection) return EPOLLOUT | EPOLLHUP | EPOLLERR;  // refused
    std::uint32_t found = 0;
    if (connection->readable(side)) found |= EPOLLIN;
    if (connection->writable(side)) found |= EPOLLOUT;
    if (connection->has_ended(side)) found |= EPOLLRDHUP;
    if (connection->is_over(side)) found |= EPOLLHUP;
    if (connection->has_error(side)) found |= EPOLLERR;
    return found;
}

void stream_file::closed() {
    if (connection) connection->close(side, resets);
}

// What waits in the backlog of a listener that is closed is reset.
void listening_file::closed() {
    world::current().network.forget(*this);
    for (const auto& one : backlog) one->close(link::ours, true);
}

std::uint32_t poll_file::found(const watch& one) {
    const auto file = one.file.lock();
    if (!file) world::current().violated("a poller watches a file that is closed");
    return file->ready() & (one.events | EPOLLERR | EPOLLHUP);
}

std::uint32_t poll_file::ready() const {
    const bool any =
        std::ranges::any_of(watches, [](const auto& one) { return found(one.second) != 0; });
    return any ? EPOLLIN : 0U;
}

std::vector<epoll_event> poll_file::found() const {
    std::vector<epoll_event> all;
    for (const auto& [descriptor, one] : watches) {
        if (const auto events = found(one); events != 0) all.push_back({events, one.data});
    }
    return all;
}

int file_table::open(std::shared_ptr<open_file> file) {
    if (count_ >= most_) return -EMFILE;
    ++count_;
    ++file->descriptors;
    const auto free = std::ranges::find(files_, nullptr);
    const auto at = static_cast<int>(free - files_.begin());
    if (free == files_.end()) {
        files_.push_back(std::move(file));
    } else {
        *free = std::move(file);
    }
    return first + at;
}

std::shared_ptr<open_file> file_table::find(int descriptor) const noexcept {
    const auto at = static_cast<std::size_t>(descriptor - first);
    return at < files_.size() ? files_[at] : nullptr;
}

void file_table::close(int descriptor) {
    const auto file = std::move(files_.at(static_cast<std::size_t>(descriptor - first)));
    --count_;
    if (--file->descriptors == 0) file->closed();
}

void file_table::replace(int descriptor, std::shared_ptr<open_file> by) {
    ++by->descriptors;
    files_.at(static_cast<std::size_t>(descriptor - first)) = std::move(by);
}

}  // namespace framewire::tests
