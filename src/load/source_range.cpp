#include "source_range.hpp"

#include "framewire/core/units.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

namespace framewire {
namespace {

constexpr unsigned address_bits = 32;

std::optional<std::uint32_t> read_address(std::string_view text) {
    in_addr address{};
    if (::inet_pton(AF_INET, std::string(text).c_str(), &address) != 1) return std::nullopt;
    return ntohl(address.s_addr);
}

}  // namespace

std::string source_range::address_text(std::uint64_t number) const {
    const auto one = address(number);
    return fmt::format("{}.{}.{}.{}", one >> 24, one >> 16 & 0xff, one >> 8 & 0xff, one & 0xff);
}

result<source_range> source_range::parse(std::string_view text) {
    const auto refuse = [&] {
        return tl::unexpected(failure{fmt::format("'{}' is not a range of IPv4 addresses", text),
                                      "one is 127.0.0.1, 127.0.0.2-127.0.0.9 or 127.0.0.0/8"});
    };
    const auto border = text.find_first_of("-/");
    const auto first = read_address(text.substr(0, border));
    if (!first) return refuse();
    if (border == std::string_view::npos) return source_range(text, *first, 1);
    const auto rest = text.substr(border + 1);
    if (text[border] == '-') {
        const auto last = read_address(rest);
        if (!last || *last < *first) return refuse();
        return source_range(text, *first, std::uint64_t{*last} - *first + 1);
    }
    const auto bits = parse_number(rest);
    if (!bits || *bits > address_bits) return refuse();
    const auto size = std::uint64_t{1} << (address_bits - *bits);
    const auto begin = static_cast<std::uint32_t>(*first & ~(size - 1));
    // The first of a block names its network, and the last is for broadcasts.
    if (size > 2) return source_range(text, begin + 1, size - 2);
    return source_range(text, begin, size);
}

}  // namespace framewire
