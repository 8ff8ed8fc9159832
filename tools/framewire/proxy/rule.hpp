#pragma once

#include "cli/expression.hpp"
#include "framewire/core/result.hpp"
#include "pattern.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// What a request is answered with in place of the server: `TEXT` with escapes, or
/// `exec:COMMAND`, a program that gets the request and prints the reply.
struct mock_reply {
    static result<mock_reply> parse(std::string_view text);

    std::string text;
    std::string command;  // else `text`
};

/// A request that the proxy answers itself: the server does not get it.
struct mock {
    pattern when;
    mock_reply reply;
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

/// What is done to every payload: a `rewriting`, or `exec:COMMAND`, a program that gets the
/// payload and prints what takes its place.
struct change {
    static result<change> parse(std::string_view text);

    std::optional<rewriting> by;
    std::string command;  // else `by`
};

}  // namespace framewire
