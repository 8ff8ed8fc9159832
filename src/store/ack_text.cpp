#include "ack_text.hpp"

#include "framewire/core/escapes.hpp"

#include <fmt/format.h>
#include <utility>

namespace framewire {

result<ack_text> ack_text::parse(std::string_view text) {
    ack_text parsed;
    auto meant = unescape(text);
    if (!meant) return tl::unexpected(meant.error());
    std::string before;
    for (std::size_t at = 0; at < meant->size(); ++at) {
        const auto rest = std::string_view(*meant).substr(at);
        if (rest.starts_with("{{") || rest.starts_with("}}")) {
            before += rest.front();
            ++at;
        } else if (rest.front() != '{') {
            before += rest.front();
        } else {
            const auto end = rest.find('}');
            const auto called = rest.substr(1, end == std::string_view::npos ? end : end - 1);
            name what{};
            if (called == "offset") {
                what = name::offset;
            } else if (called == "id") {
                what = name::id;
            } else if (called == "error") {
                what = name::error;
            } else {
                return tl::unexpected(
                    failure{fmt::format("'{}' has no value for '{{{}}}'", text, called),
                            "there are {offset}, {id} and {error}; '{{' is a brace"});
            }
            parsed.parts_.push_back({std::exchange(before, {}), what});
            at += end;
        }
    }
    parsed.end_ = std::move(before);
    return parsed;
}

std::string ack_text::text(const values& of) const {
    std::string out;
    for (const auto& one : parts_) {
        out += one.before;
        switch (one.then) {
            case name::offset: out += std::to_string(of.offset); break;
            case name::id: out += of.id; break;
            case name::error: out += of.error; break;
        }
    }
    return out + end_;
}

}  // namespace framewire
