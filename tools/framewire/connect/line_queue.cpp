#include "line_queue.hpp"

#include <sys/eventfd.h>
#include <unistd.h>
#include <cstdint>
#include <utility>

namespace framewire {

line_queue::line_queue() : signal_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void line_queue::add(std::string_view lines) {
    const std::lock_guard lock(mutex_);
    lines_ += lines;
    const std::uint64_t one = 1;
    (void)!::write(signal_.get(), &one, sizeof one);
}

std::string line_queue::take() {
    const std::lock_guard lock(mutex_);
    std::uint64_t count = 0;
    (void)!::read(signal_.get(), &count, sizeof count);
    return std::exchange(lines_, {});
}

}  // namespace framewire
