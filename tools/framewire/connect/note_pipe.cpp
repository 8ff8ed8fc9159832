#include "note_pipe.hpp"

#include "framewire/core/units.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <array>

namespace framewire {

note_pipe::note_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
    reading_ = owned_descriptor(ends[0]);
    writing_ = owned_descriptor(ends[1]);
    // The writer may wait, the reader has a person to attend to.
    (void)::fcntl(reading_.get(), F_SETFL, O_NONBLOCK);
}

std::string note_pipe::read() const {
    std::array<char, 64 * KiB> buffer{};
    const auto size = ::read(reading_.get(), buffer.data(), buffer.size());
    return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : "";
}

}  // namespace framewire
