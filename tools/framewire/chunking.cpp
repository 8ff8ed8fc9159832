#include "chunking.hpp"

#include <algorithm>

namespace framewire {

std::vector<std::uint64_t> chunking::ends(std::uint64_t size) const {
    std::vector<std::uint64_t> all = splits;
    std::uint64_t end = 0;
    for (const auto one : chunks) {
        if (one > size - end) break;
        all.push_back(end += one);
    }
    if (chunk > 0) {
        for (end = 0; end < size && chunk < size - end;) all.push_back(end += chunk);
    }
    all.push_back(size);
    std::ranges::sort(all);
    std::erase_if(all, [&](std::uint64_t one) { return one == 0 || one > size; });
    all.erase(std::ranges::unique(all).begin(), all.end());
    return all;
}

}  // namespace framewire
