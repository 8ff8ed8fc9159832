#include "pattern.hpp"

#include "framewire/core/escapes.hpp"

#include <utility>

namespace framewire {

result<pattern> pattern::parse(std::string_view text) {
    pattern found;
    if (text.size() > 2 && text.starts_with('/') && text.ends_with('/')) {
        auto parsed = expression::parse(text.substr(1, text.size() - 2));
        if (!parsed) return tl::unexpected(parsed.error());
        found.expression_ = *std::move(parsed);
        return found;
    }
    constexpr std::string_view mark = "hex:";
    auto named = text.starts_with(mark) ? parse_hex(text.substr(mark.size())) : unescape(text);
    if (!named) return tl::unexpected(named.error());
    found.text_ = *std::move(named);
    return found;
}

bool pattern::matches(bytes payload) const noexcept {
    if (expression_) return expression_->search(payload).has_value();
    return payload.find(text_) != bytes::npos;
}

}  // namespace framewire
