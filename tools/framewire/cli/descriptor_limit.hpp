#pragma once

#include <sys/resource.h>
#include <cstdint>

namespace framewire {

/// Raises the soft limit of open descriptors to the hard one, and returns it. The soft limit
/// protects programs that use select.
inline std::uint64_t raise_descriptor_limit() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
    (void)::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

}  // namespace framewire
