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

std::vector<transcript_line> cut(const std::vector<transcript_line>& lines, const chunking& cuts) {
    using kind = transcript_line::kind;
    std::uint64_t size = 0;
    for (const auto& line : lines) size += line.what == kind::from_peer ? line.text.size() : 0;
    const auto ends = cuts.ends(size);
    std::vector<transcript_line> cut_lines;
    std::uint64_t offset = 0;
    for (const auto& line : lines) {
        if (line.what != kind::from_peer) {
            cut_lines.push_back(line);
            continue;
        }
        bytes rest = line.text;
        while (!rest.empty()) {
            const auto end = *std::ranges::upper_bound(ends, offset);
            const auto part = rest.substr(0, static_cast<std::size_t>(end - offset));
            cut_lines.push_back({.what = kind::from_peer,
                                 .text = std::string(part),
                                 .time = line.time,
                                 .record = line.record});
            rest.remove_prefix(part.size());
            offset += part.size();
        }
    }
    return cut_lines;
}

}  // namespace framewire
