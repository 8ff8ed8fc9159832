#pragma once

#include "cli/expression.hpp"
#include "framewire/core/result.hpp"
#include "pattern.hpp"

#include <string>
#include <string_view>

namespace framewire {

/// A request that the proxy answers itself: the server does not get it.
struct mock {
    pattern when;
    std::string reply;
};

/// What payloads become on their way: `s/REGEX/TEXT/`, or `s/REGEX/TEXT/g` for every place that
/// matches. In TEXT, `&` is what matched, `\1` to `\9` are its groups, and escapes (`unescape`)
/// name bytes. Any character may replace the slash.
class rewriting {
public:
    static result<rewriting> parse(std::string_view text);

    [[nodiscard]] std::string apply(bytes payload) const;

private:
    rewriting(expression what, std::string by, bool is_global)
        : what_(std::move(what)), by_(std::move(by)), is_global_(is_global) {}

    void append(const expression::match& found, bytes payload, std::string& out) const;

    expression what_;
    std::string by_;
    bool is_global_;
};

}  // namespace framewire
