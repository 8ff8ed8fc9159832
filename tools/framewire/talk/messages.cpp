#include "messages.hpp"

#include <cstddef>
#include <memory>
#include <utility>

namespace framewire {

message_source messages_of(std::vector<message> all) {
    // A function must be copyable, and files are not.
    const auto shared = std::make_shared<std::vector<message>>(std::move(all));
    return [shared, next = std::size_t{0}]() mutable -> result<next_message> {
        if (next == shared->size()) return no_more_messages{};
        return std::move((*shared)[next++]);
    };
}

}  // namespace framewire
