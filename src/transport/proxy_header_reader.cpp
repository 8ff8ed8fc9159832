#include "proxy_header_reader.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {

// A header nearly always arrives at once; then it is read in place.
wire_result<std::size_t> proxy_header_reader::receive(bytes wire) {
    const auto before = held_.size();
    if (before > 0) held_ += wire.substr(0, proxy_header_bytes_max - before);
    const auto all = before > 0 ? bytes(held_) : wire;
    const auto size = proxy_header_size(all);
    if (!size) return tl::unexpected(size.error());
    if (!*size || **size > all.size()) {
        if (before == 0) held_ = wire;
        return wire.size();
    }
    auto parsed = proxy_header::parse(all.substr(0, **size));
    if (!parsed) return tl::unexpected(std::move(parsed.error()));
    header_ = std::move(*parsed);
    held_ = {};
    return **size - before;
}

wire_error proxy_header_reader::ended() const {
    if (held_.empty()) return {errc::proxy_missing, 0, "the connection ended before it"};
    return {errc::proxy_syntax, held_.size(),
            fmt::format("the connection ended after {} bytes of it", held_.size())};
}

}  // namespace framewire
