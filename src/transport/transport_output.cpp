#include "transport_output.hpp"

#include <algorithm>

namespace framewire {

wire_result<bytes> transport_output::next(bytes stream) {
    if (given_ == 0 && !stream.empty() && transport_.established()) {
        const auto some = stream.substr(0, chunk_max);
        if (auto sent = transport_.send(some); !sent) return tl::unexpected(sent.error());
        given_ = some.size();
    }
    return transport_.output();
}

std::size_t transport_output::sent(std::size_t size) {
    transport_.sent(size);
    if (given_ == 0) return 0;
    const auto count = transport_.output().empty() ? given_ : std::min(size, given_ - 1);
    given_ -= count;
    return count;
}

}  // namespace framewire
