// A capture file, and what must hold of its streams.

#include "capture/read_capture.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace framewire::fuzz {
namespace {

void expect(bool holds, std::string_view claim) {
    if (holds) return;
    const auto words = std::string("\nthis does not hold: ").append(claim).append("\n");
    std::fputs(words.c_str(), stderr);
    std::abort();
}

// Returns how many bytes the stream has.
std::size_t expect_sound(const captured_stream& stream) {
    using ending = captured_piece::ending;
    std::size_t size = 0;
    std::array<bool, 2> ended{};
    std::chrono::nanoseconds time{0};
    for (const auto& piece : stream.pieces) {
        auto& over = ended.at(static_cast<std::size_t>(piece.from));
        expect(!over, "a side says nothing behind its end");
        over = piece.end != ending::none;
        expect(piece.bytes.empty() == over, "a part is bytes or an end");
        expect(piece.time >= time, "time does not go back");
        time = piece.time;
        size += piece.bytes.size();
    }
    for (const auto& remark : stream.remarks) expect(!remark.empty(), "a remark has words");
    expect(!stream.client.empty() && !stream.server.empty(), "both ends have an address");
    return size;
}

void expect_sound(const capture& found, const std::string& content) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < found.streams.size(); ++i) {
        expect(found.streams[i].number == i, "streams are numbered from 0");
        size += expect_sound(found.streams[i]);
    }
    expect(size <= content.size(), "no byte is made up");
}

// One stream alone is what it is among the others.
void expect_same_alone(const capture& all, const std::string& content) {
    const auto number = all.streams.size() / 2;
    const auto alone = read_capture(content, "input", {.stream = number});
    expect(alone.has_value(), "what can be read can be read for one stream");
    expect(alone->streams.size() == all.streams.size(), "all streams are numbered");
    for (const auto& stream : alone->streams) {
        const auto& same = all.streams[stream.number];
        expect(stream.client == same.client, "a stream has the same ends when alone");
        const auto pieces = stream.number == number ? same.pieces.size() : 0;
        expect(stream.pieces.size() == pieces, "a stream has the same parts when alone");
    }
}

}  // namespace
}  // namespace framewire::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace framewire;
    const std::string content(reinterpret_cast<const char*>(data), size);
    const auto found = read_capture(content, "input");
    if (!found) {
        fuzz::expect(found.error().message().starts_with("cannot read input"),
                     "a refusal has words");
        return 0;
    }
    fuzz::expect_sound(*found, content);
    if (!found->streams.empty()) fuzz::expect_same_alone(*found, content);
    constexpr std::uint64_t few_bytes = 1000;
    static_cast<void>(read_capture(content, "input", {{}, few_bytes, 2}));
    return 0;
}
