#include "stream_choice.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace framewire {
namespace {

std::string_view host_of(std::string_view address) {
    auto host = address.substr(0, address.rfind(':'));
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    return host;
}

std::string_view port_text(std::string_view address) {
    return address.substr(address.rfind(':') + 1);
}

bool is_wanted(const captured_stream& stream, const stream_choice& wanted) {
    const std::array ends{&stream.client.address, &stream.server.address};
    const auto any = [&](const auto& test) { return std::ranges::any_of(ends, test); };
    if (!wanted.host.empty() &&
        !any([&](const std::string* end) { return host_of(*end) == wanted.host; })) {
        return false;
    }
    return !wanted.port || any([&](const std::string* end) {
        return port_text(*end) == std::to_string(*wanted.port);
    });
}

}  // namespace

result<std::vector<std::size_t>> parse_stream_numbers(std::string_view text) {
    std::vector<std::size_t> numbers;
    if (text == "all") return numbers;
    for (;;) {
        const auto end = std::min(text.find(','), text.size());
        const auto number = parse_number(text.substr(0, end));
        if (!number) {
            return tl::unexpected(failure{"expected numbers of streams", "such as 0, 1,4 or all"});
        }
        numbers.push_back(static_cast<std::size_t>(*number));
        if (end == text.size()) break;
        text.remove_prefix(end + 1);
    }
    std::ranges::sort(numbers);
    numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
    return numbers;
}

result<std::vector<std::size_t>> choose(const capture& from, const stream_choice& wanted) {
    const auto& streams = from.streams;
    if (streams.empty()) {
        const auto why = from.remarks.empty() ? std::string() : ": " + from.remarks.front();
        return tl::unexpected(failure{"there is no TCP stream in the capture" + why});
    }
    std::vector<std::size_t> chosen;
    for (const auto number : wanted.numbers) {
        if (number >= streams.size()) {
            return tl::unexpected(
                failure{fmt::format("there is no stream {} in the capture", number),
                        streams.size() == 1
                            ? std::string("it has one stream, 0")
                            : fmt::format("it has the streams 0 to {}", streams.size() - 1)});
        }
    }
    for (const auto& one : streams) {
        const bool is_named =
            wanted.numbers.empty() || std::ranges::binary_search(wanted.numbers, one.number);
        if (is_named && is_wanted(one, wanted)) chosen.push_back(one.number);
    }
    if (!chosen.empty()) return chosen;
    return tl::unexpected(
        failure{fmt::format("none of the {} streams has that host and port", streams.size()),
                "without --host and --port, all are listed"});
}

void add_stream_option(command_page& page, stream_choice& into, bool& is_given,
                       const std::string& meaning) {
    page.value("--stream", "N", meaning,
               [&into, &is_given](const std::string& text) -> result<void> {
                   auto numbers = parse_stream_numbers(text);
                   if (!numbers) return tl::unexpected(numbers.error());
                   into.numbers = *std::move(numbers);
                   is_given = true;
                   return {};
               });
}

}  // namespace framewire
