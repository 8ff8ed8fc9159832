#include "report.hpp"

#include "framewire/core/units.hpp"
#include "framewire/transcript/transcript.hpp"
#include "walkthrough/dissector.hpp"
#include "walkthrough/ruler.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <utility>

namespace framewire {
namespace {

// As much of a frame is shown as bytes: what fits the rows of a ruler twice.
constexpr std::size_t shown_bytes_max = 96;
// Of those, before the byte that differs.
constexpr std::size_t shown_before = 32;
// No byte differs: the frame is missing.
constexpr std::size_t no_mark = SIZE_MAX;
// As much of a frame is taken apart, byte by byte.
constexpr std::size_t parted_bytes_max_of_frame = 1 * MiB;
// As much of a frame is printed as in a transcript.
constexpr std::size_t line_bytes_max = 4096;

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string print_side(char mark, bytes data, std::string_view words) {
    auto line = std::string(1, mark);
    if (!data.empty()) line += ' ' + print_bytes(data.substr(0, line_bytes_max));
    if (data.size() > line_bytes_max) {
        line += fmt::format(" and {} more bytes", data.size() - line_bytes_max);
    }
    if (!words.empty()) line += fmt::format(" ({})", words);
    return line + '\n';
}

// The part that contains the byte is divided, so that the byte has a name.
std::vector<stretch> parts_with(std::vector<stretch> parts, std::uint64_t differs_at,
                                std::uint64_t end) {
    std::vector<stretch> divided;
    for (auto& part : parts) {
        if (differs_at < part.begin || differs_at >= part.end) {
            divided.push_back(std::move(part));
            continue;
        }
        if (part.begin < differs_at) {
            divided.push_back({part.name, part.begin, differs_at, part.in_hex});
        }
        divided.push_back({"differs", differs_at, differs_at + 1, part.in_hex});
        if (differs_at + 1 < part.end) {
            divided.push_back({part.name, differs_at + 1, part.end, part.in_hex});
        }
    }
    const bool is_named =
        std::ranges::any_of(divided, [&](const stretch& one) { return one.begin == differs_at; });
    if (!is_named && differs_at < end) divided.push_back({"differs", differs_at, end, false});
    return divided;
}

// A frame, or the beginning of one, around the byte that differs. `offset` is its place in the
// stream.
std::string print_anatomy_around(const framing& frames, bytes data, std::uint64_t offset,
                                 std::size_t differs_at, bool colour) {
    if (data.empty()) return {};
    dissector parted(frames, parted_bytes_max_of_frame);
    const auto found = parted.receive(data.substr(0, parted_bytes_max_of_frame));
    auto parts = parts_with(parts_of(found), differs_at, data.size());
    const bool is_late = differs_at != no_mark && differs_at > shown_before;
    const auto from = is_late ? differs_at - shown_before : 0;
    const auto shown = data.substr(std::min(from, data.size()), shown_bytes_max);
    std::vector<stretch> visible;
    for (auto& part : parts) {
        part.begin = std::max<std::uint64_t>(part.begin, from) + offset;
        part.end = std::min<std::uint64_t>(part.end, from + shown.size()) + offset;
        if (part.begin < part.end) visible.push_back(part);
    }
    std::string text;
    if (from > 0) text += fmt::format("# {} bytes before\n", from);
    for (const auto& line : draw_ruler(shown, offset + from, visible, {}, colour)) {
        text += line.empty() ? "#\n" : fmt::format("# {}\n", line);
    }
    const auto left = data.size() - std::min(data.size(), from + shown.size());
    if (left > 0) text += fmt::format("# {} more\n", counted(left, "byte", "bytes"));
    return text;
}

std::string byte_at(bytes data, std::size_t at) {
    return at < data.size() ? print_bytes(data.substr(at, 1)) : std::string("the end");
}

std::string expected_words(const mismatch& found) {
    const auto& step = found.step;
    if (step.data.empty() && step.place == 0) return "nothing: more came than was recorded";
    return is_message(step) ? std::string() : arrival_words(step.expected);
}

bool has_bytes(const mismatch& found) {
    return !found.step.data.empty() && !found.received.empty();
}

}  // namespace

std::string difference_words(const script& all, const mismatch& found, played_end played) {
    const auto& step = found.step;
    auto text = all.connection_text(step.connection);
    const auto* const name = played == played_end::client ? "reply" : "message";
    if (is_message(step)) text += fmt::format(", {} {}", name, found.number);
    if (step.place > 0) text += fmt::format(", {}", all.place_text(step));
    if (has_bytes(found)) {
        return text + fmt::format(": byte {} is {}, not {}", found.received_byte,
                                  byte_at(found.received, found.received_byte),
                                  byte_at(step.data, found.expected_byte));
    }
    if (step.place == 0) return text + ": it was not recorded";
    return text + (is_message(step) ? ": it is missing" : ": the stream did not end so");
}

std::string print_difference(const script& all, const mismatch& found, played_end played,
                             bool colour) {
    const auto& step = found.step;
    auto text = difference_words(all, found, played) + '\n';
    text += print_side('-', step.data, expected_words(found));
    text += print_side('+', found.received, found.words);
    const auto received = all.connections.at(step.connection).sent.reversed();
    const auto add = [&](std::string_view title, bytes data, std::uint64_t offset,
                         std::size_t differs_at) {
        const auto ruler = print_anatomy_around(received, data, offset,
                                                has_bytes(found) ? differs_at : no_mark, colour);
        if (!ruler.empty()) text += fmt::format("#\n# {}\n{}", title, ruler);
    };
    add("expected", step.data, step.expected.offset, found.expected_byte);
    add("received", found.received, found.received_at, found.received_byte);
    return text;
}

std::string print_result(const performance_result& found, played_end played, bool keeps_time) {
    const bool is_client = played == played_end::client;
    auto text = fmt::format(
        "{}, {} sent, {} compared: ", counted(found.connections, "connection", "connections"),
        is_client ? counted(found.messages, "message", "messages")
                  : counted(found.messages, "reply", "replies"),
        is_client ? counted(found.compared, "reply", "replies")
                  : counted(found.compared, "message", "messages"));
    text += found.differences == 0 ? std::string("no difference")
                                   : counted(found.differences, "difference", "differences");
    if (keeps_time && found.connections > 0) {
        const auto in_milliseconds = [](std::chrono::nanoseconds time) {
            return std::chrono::duration<double, std::milli>(time).count();
        };
        text += fmt::format("; times kept within {:.1f} ms", in_milliseconds(found.late_max));
        if (is_client && found.behind >= std::chrono::milliseconds(1)) {
            text += fmt::format(", at the end {:.1f} ms later than recorded",
                                in_milliseconds(found.behind));
        }
    }
    return text + '\n';
}

}  // namespace framewire
