// Both versions of the PROXY header: which it is and where it ends. What it says is in
// proxy_header_v1.cpp and proxy_header_v2.cpp.

#include "proxy_header.hpp"

#include "framewire/core/quote.hpp"
#include "proxy_header_versions.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

std::string_view other_protocol(bytes beginning) noexcept {
    if (beginning.starts_with("\x16\x03")) return ", which looks like TLS";
    for (const std::string_view method : {"GET ", "POST ", "HEAD ", "PUT ", "OPTIONS "}) {
        if (beginning.starts_with(method)) return ", which looks like HTTP";
    }
    return "";
}

tl::unexpected<wire_error> missing(bytes beginning, std::size_t at) {
    constexpr std::size_t shown = 16;
    return tl::unexpected(
        wire_error{errc::proxy_missing, at,
                   fmt::format("the stream begins with {}{}", quote(beginning, shown),
                               other_protocol(beginning))});
}

// How many bytes are the same.
std::size_t common(bytes one, bytes other) noexcept {
    const auto [at, end] = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
    return static_cast<std::size_t>(at - one.begin());
}

wire_result<std::optional<std::size_t>> size_of_text(bytes beginning) {
    const auto line = beginning.substr(0, proxy_text_bytes_max);
    const auto* const wrong =
        std::ranges::find_if(line, [](char one) { return one < ' ' || one > '~'; });
    const auto at = static_cast<std::size_t>(wrong - line.begin());
    if (wrong == line.end()) {
        if (line.size() < proxy_text_bytes_max) return std::nullopt;
        return malformed(at, fmt::format("no end of the line within {} bytes", line.size()));
    }
    const auto end = line.substr(at, 2);
    if (end == "\r\n") return at + end.size();
    if (end == "\r" && line.size() < proxy_text_bytes_max) return std::nullopt;
    return malformed(at, fmt::format("{} instead of the end of the line", quote(end)));
}

wire_result<std::optional<std::size_t>> size_of_binary(bytes beginning) {
    if (beginning.size() < proxy_v2::fixed_size) return std::nullopt;
    const auto size = proxy_v2::fixed_size + proxy_v2::number_at(beginning, proxy_v2::length_at);
    if (size <= proxy_header_bytes_max) return size;
    return malformed(proxy_v2::length_at, fmt::format("{} bytes are more than the {} allowed",
                                                      size, proxy_header_bytes_max));
}

}  // namespace

tl::unexpected<wire_error> malformed(std::size_t at, std::string words) {
    return tl::unexpected(wire_error{errc::proxy_syntax, at, std::move(words)});
}

proxy_hosts hosts_of(const proxy_header& header) noexcept {
    const auto source = numeric_host::parse(header.source->host).value_or(numeric_host());
    const auto destination =
        numeric_host::parse(header.destination->host).value_or(numeric_host());
    if (source.kind == destination.kind) return {source, destination};
    return {source.mapped(), destination.mapped()};
}

wire_result<std::optional<std::size_t>> proxy_header_size(bytes beginning) {
    const bool is_text = beginning.starts_with(proxy_v1::signature.front());
    const auto signature = is_text ? proxy_v1::signature : proxy_v2::signature;
    const auto same = common(beginning, signature);
    if (same < std::min(beginning.size(), signature.size())) return missing(beginning, same);
    if (same < signature.size()) return std::nullopt;
    return is_text ? size_of_text(beginning) : size_of_binary(beginning);
}

wire_result<proxy_header> proxy_header::parse(bytes header) {
    return header.starts_with(proxy_v1::signature) ? proxy_v1::parse(header)
                                                   : proxy_v2::parse(header);
}

std::string proxy_header::text(proxy_announcement::version as) const {
    constexpr auto local = endpoint::family::local;
    const bool is_known =
        source && destination && source->kind != local && destination->kind != local;
    const auto& ends = is_known ? *this : proxy_header();
    return as == proxy_announcement::version::v1 ? proxy_v1::text(ends) : proxy_v2::text(ends);
}

}  // namespace framewire
