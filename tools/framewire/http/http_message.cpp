#include "http_message.hpp"

#include <algorithm>

namespace framewire {

std::size_t http_request::count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count(fields, name, &http_field::name));
}

std::string_view http_request::value(std::string_view name) const {
    const auto found = std::ranges::find(fields, name, &http_field::name);
    return found == fields.end() ? std::string_view() : found->value;
}

}  // namespace framewire
