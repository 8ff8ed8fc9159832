// A transcript, and what is printed of it.

#include "framewire/transcript/transcript.hpp"
#include "framewire/transcript/conversations.hpp"
#include "framewire/transcript/replay.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace framewire::fuzz {
namespace {

[[noreturn]] void refute(std::string_view claim, std::string_view text,
                         std::string_view details = {}) {
    std::string words = "\nthis does not hold: ";
    words.append(claim).append("\n\n").append(text).append("\n").append(details).append("\n");
    std::fputs(words.c_str(), stderr);
    std::abort();
}

void expect_same_when_printed(const conversations& conversation, std::string_view text) {
    const auto printed = print(conversation);
    const auto again = conversations::parse(printed);
    if (!again) refute("a printed transcript can be read", text, again.error().message());
    if (print(*again) != printed) refute("a printed transcript reads the same", text, printed);
    for (std::size_t i = 0; i < conversation.lines.size(); ++i) {
        const auto& before = conversation.lines[i];
        const auto& after = again->lines.at(i);
        if (before.what != after.what || before.text != after.text ||
            before.elapsed != after.elapsed || before.way != after.way ||
            before.missing != after.missing || before.connection != after.connection) {
            refute("printing keeps a line", text, print(before));
        }
    }
}

// What replays in one piece, where even the words are compared, replays however it is cut.
void expect_same_however_cut(const transcript& conversation, std::string_view text) {
    static_cast<void>(replay(conversation, as_written{}));
    if (!replay(conversation, in_one_piece{}) || conversation.framing.is_raw()) return;
    for (const cutting& how :
         {cutting(byte_by_byte{}), cutting(cut_at{1}), cutting(cut_at{text.size() / 4})}) {
        if (const auto same = replay(conversation, how); !same) {
            refute("a replay does not depend on the cuts", text, same.error().message());
        }
    }
}

}  // namespace
}  // namespace framewire::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto all = framewire::conversations::parse(text);
    if (!all) return 0;
    framewire::fuzz::expect_same_when_printed(*all, text);
    // A replay takes as long as its lines, so not all of many connections.
    constexpr std::size_t replayed_max = 4;
    const auto numbers = all->connections();
    for (std::size_t at = 0; at < std::min(numbers.size(), replayed_max); ++at) {
        framewire::fuzz::expect_same_however_cut(all->connection(numbers[at]), text);
    }
    return 0;
}
