#include "encode_all.hpp"

#include <fmt/format.h>

namespace framewire {

result<std::string> encode_all(const framing& frames, const std::vector<std::string>& messages) {
    std::string stream;
    for (const auto& message : messages) {
        const auto* const first = stream.empty() ? frames.first() : nullptr;
        const auto& own = first != nullptr ? *first : frames;
        if (const auto done = own.encode(message, stream); !done) {
            return tl::unexpected(failure{fmt::format("{}: {}", error_name(done.error()),
                                                      make_error_code(done.error()).message())});
        }
    }
    return stream;
}

}  // namespace framewire
