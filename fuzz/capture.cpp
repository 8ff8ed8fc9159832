// A capture file, and what must hold of its streams.

#include "capture/capture_file.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::fuzz {
namespace {

void expect(bool holds, std::string_view claim) {
    if (holds) return;
    const auto words = std::string("\nthis does not hold: ").append(claim).append("\n");
    std::fputs(words.c_str(), stderr);
    std::abort();
}

// What the pieces of one stream were so far.
struct followed {
    std::array<bool, 2> ended{};
    std::array<std::uint64_t, 2> bytes{};
    std::chrono::system_clock::time_point time{};
    std::size_t pieces = 0;
};

class follower {
public:
    explicit follower(std::string content)
        : file_(capture_file::of(std::move(content), "input")) {}

    std::optional<capture> read(capture_options options) {
        streams_.clear();
        const auto found = file_.read(
            options, [&](const auto& stream, const auto& piece) { take(stream, piece); });
        if (found) return *found;
        expect(found.error().message().starts_with("cannot read input"), "a refusal has words");
        return std::nullopt;
    }
    const followed& stream(std::size_t number) { return streams_[number]; }

private:
    void take(const captured_stream& stream, const captured_piece& piece) {
        using kind = captured_piece::kind;
        auto& one = streams_[stream.number];
        const auto side = static_cast<std::size_t>(piece.from);
        expect(!one.ended.at(side), "nothing of a side follows its end");
        one.ended.at(side) = piece.what == kind::fin || piece.what == kind::reset;
        expect(piece.data.empty() == (piece.what != kind::data), "data has bytes");
        expect((piece.missing == 0) == (piece.what != kind::gap), "a gap has a size");
        expect(piece.time >= one.time, "time does not go back");
        expect(piece.packet > 0, "a piece is from a record");
        one.time = piece.time;
        one.bytes.at(side) += piece.data.size();
        ++one.pieces;
    }

    capture_file file_;
    std::map<std::size_t, followed> streams_;
};

void expect_sound(const capture& found, follower& all, std::size_t size) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < found.streams.size(); ++i) {
        const auto& stream = found.streams[i];
        expect(stream.number == i, "streams are numbered from 0");
        expect(!stream.client.address.empty() && !stream.server.address.empty(),
               "both ends have an address");
        for (const auto& remark : stream.remarks) expect(!remark.empty(), "a remark has words");
        const auto& [ended, bytes, time, pieces] = all.stream(i);
        expect(stream.client.bytes == bytes[0] && stream.server.bytes == bytes[1],
               "bytes are counted");
        sum += bytes[0] + bytes[1];
    }
    expect(sum <= size, "no byte is made up");
}

// One stream alone is what it is among the others.
void expect_same_alone(const capture& all, follower& file) {
    const auto number = all.streams.size() / 2;
    const auto pieces = file.stream(number).pieces;
    const auto alone = file.read({.streams = {{number}}});
    expect(alone.has_value(), "what can be read can be read for one stream");
    expect(alone->streams.size() == all.streams.size(), "all streams are numbered");
    for (const auto& stream : alone->streams) {
        expect(stream.client.address == all.streams[stream.number].client.address,
               "a stream has the same ends when alone");
        expect(file.stream(stream.number).pieces == (stream.number == number ? pieces : 0),
               "a stream has the same pieces when alone");
    }
}

}  // namespace
}  // namespace framewire::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace framewire;
    fuzz::follower file(std::string(reinterpret_cast<const char*>(data), size));
    const auto found = file.read({});
    if (!found) return 0;
    fuzz::expect_sound(*found, file, size);
    if (!found->streams.empty()) fuzz::expect_same_alone(*found, file);
    constexpr std::uint64_t few_bytes = 1000;
    static_cast<void>(file.read({.waiting_bytes_max = few_bytes, .streams_max = 2}));
    return 0;
}
