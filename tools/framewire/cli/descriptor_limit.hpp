#pragma once

#include <sys/resource.h>
#include <cstdint>

namespace framewire {

/// Raises the limit of open descriptors as far as the system lets us, and answers it: the soft
/// limit is for programs that use select, the hard one is meant for us.
inline std::uint64_t raise_descriptor_limit() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
    (void)::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

}  // namespace framewire
