#include "pattern.hpp"

#include "framewire/core/escapes.hpp"

#include <fmt/format.h>
#include <regex.h>
#include <array>
#include <utility>

namespace framewire {

struct pattern::expression {
    expression() = default;
    expression(const expression&) = delete;
    expression& operator=(const expression&) = delete;
    ~expression() {
        if (is_compiled) ::regfree(&compiled);
    }

    regex_t compiled{};
    bool is_compiled = false;
};

result<pattern> pattern::parse(std::string_view text) {
    pattern found;
    if (text.starts_with("hex:")) {
        auto named = parse_hex(text.substr(4));
        if (!named) return tl::unexpected(named.error());
        found.text_ = *std::move(named);
        return found;
    }
    if (text.size() < 2 || !text.starts_with('/') || !text.ends_with('/')) {
        auto meant = unescape(text);
        if (!meant) return tl::unexpected(meant.error());
        found.text_ = *std::move(meant);
        return found;
    }
    const std::string words(text.substr(1, text.size() - 2));
    const auto made = std::make_shared<expression>();
    const int error = ::regcomp(&made->compiled, words.c_str(), REG_EXTENDED | REG_NOSUB);
    if (error != 0) {
        std::array<char, 128> why{};
        (void)::regerror(error, &made->compiled, why.data(), why.size());
        return tl::unexpected(
            failure{fmt::format("'{}' is no regular expression: {}", words, why.data())});
    }
    made->is_compiled = true;
    found.expression_ = made;
    return found;
}

// The payload may contain zeros, so its size is passed in the way of REG_STARTEND.
bool pattern::matches(bytes payload) const noexcept {
    if (!expression_) return payload.find(text_) != bytes::npos;
    std::array<regmatch_t, 1> all{};
    all[0].rm_so = 0;
    all[0].rm_eo = static_cast<regoff_t>(payload.size());
    const auto* const data = payload.empty() ? "" : payload.data();
    return ::regexec(&expression_->compiled, data, all.size(), all.data(), REG_STARTEND) == 0;
}

}  // namespace framewire
