#include "messages.hpp"

#include <cstddef>
#include <memory>
#include <utility>

namespace framewire {

result<message> open_message(const std::string& path, const framing& frames,
                             std::uint64_t held_bytes_max) {
    auto file = message_file::open(path);
    if (!file) return tl::unexpected(file.error());
    if (file->size() == unknown_length) {
        if (frames.announces_length()) {
            return file->read_all(held_bytes_max).map([](std::string&& content) -> message {
                return std::move(content);
            });
        }
    } else if (auto scanned = file->scan(frames); !scanned) {
        return tl::unexpected(scanned.error());
    }
    return std::move(*file);
}

message_source messages_of(std::vector<message> all) {
    // A function must be copyable, and files are not.
    const auto shared = std::make_shared<std::vector<message>>(std::move(all));
    return [shared, next = std::size_t{0}]() mutable -> result<next_message> {
        if (next == shared->size()) return no_more_messages{};
        return std::move((*shared)[next++]);
    };
}

}  // namespace framewire
