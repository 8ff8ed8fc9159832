#include "captured.hpp"

#include "decryption.hpp"
#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <chrono>
#include <utility>

namespace framewire {
namespace {

using kind = transcript_line::kind;

transcript_line remark(std::string words) {
    return {.what = kind::comment, .text = std::move(words)};
}

std::vector<transcript_line> heading(const captured_stream& stream,
                                     const std::vector<std::string>& remarks) {
    std::vector<transcript_line> lines;
    lines.push_back(remark(fmt::format("{} to {}", stream.client.address, stream.server.address)));
    for (const auto& one : remarks) lines.push_back(remark(one));
    return lines;
}

// Writes the pauses that a person would notice.
class pauses {
public:
    explicit pauses(std::chrono::system_clock::time_point start) : last_(start) {}

    void before(const transcript_line& line, const line_sink& to) {
        constexpr std::chrono::milliseconds noticeable{100};
        if (!line.time) return;
        const auto pause =
            std::chrono::duration_cast<std::chrono::milliseconds>(*line.time - last_);
        last_ = *line.time;
        // Not a `@` line: our deadlines do not apply to a foreign connection.
        if (pause >= noticeable) to(remark(fmt::format("{} later", format_duration(pause))));
    }

private:
    std::chrono::system_clock::time_point last_;
};

void append(std::uint32_t number, std::string& to) {
    for (int shift = 0; shift < 32; shift += 8) to += static_cast<char>(number >> shift & 0xFFU);
}

}  // namespace

// The old format of libpcap, little-endian, with microseconds.
capture_file capture_of(const dump& packets, const std::string& name) {
    constexpr std::uint32_t magic = 0xA1B2C3D4;
    constexpr std::uint32_t version_2_4 = 0x00040002;
    constexpr std::uint32_t snap_length = 262'144;
    std::string file;
    for (const auto number : {magic, version_2_4, 0U, 0U, snap_length,
                              static_cast<std::uint32_t>(packets.link_type)}) {
        append(number, file);
    }
    for (const auto& one : packets.pieces) {
        const auto time = one.time.value_or(std::chrono::system_clock::time_point{});
        const auto since =
            std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
        constexpr std::int64_t in_second = 1'000'000;
        append(static_cast<std::uint32_t>(since / in_second), file);
        append(static_cast<std::uint32_t>(since % in_second), file);
        append(static_cast<std::uint32_t>(one.data.size()), file);
        append(static_cast<std::uint32_t>(one.data.size()), file);
        file += one.data;
    }
    return capture_file::of(std::move(file), name);
}

conversation stream_of(const indexed_capture& from, std::size_t number, const framing& frames) {
    const auto& stream = from.found.streams.at(number);
    auto remarks = from.found.remarks;
    remarks.insert(remarks.end(), stream.remarks.begin(), stream.remarks.end());
    if (stream.guessed_sides) {
        remarks.emplace_back(
            "the port numbers decided which end is the client; --swap turns them");
    }
    auto read = [file = from.file, stream, remarks](const line_sink& to) {
        for (const auto& line : heading(stream, remarks)) to(line);
        pauses each(stream.start);
        return read_pieces(file, {{stream.number}}, [&](const auto&, const auto& piece) {
            const auto line = line_of(piece);
            each.before(line, to);
            to(line);
        });
    };
    return {
        frames, std::move(read), stream.client.address, stream.server.address, std::move(remarks),
        true};
}

result<conversation> decrypted_stream_of(const indexed_capture& from, std::size_t number,
                                         const framing& frames, const std::string& keylog) {
    const auto& stream = from.found.streams.at(number);
    std::vector<kept_piece> pieces;
    auto read = read_pieces(from.file, {{number}}, [&](const auto&, const auto& piece) {
        if (piece.what == captured_piece::kind::data) return;
        pieces.push_back({piece.from, piece.what, {}, piece.missing, piece.time, piece.packet});
    });
    if (!read) return tl::unexpected(read.error());
    if (auto done = decrypt(stream, pieces, from.file.name(), keylog); !done) {
        return tl::unexpected(done.error());
    }
    auto shown = stream_of(from, number, frames);
    shown.remarks.emplace_back("decrypted by tshark, which loses the times");
    auto lines = heading(stream, shown.remarks);
    for (const auto& piece : pieces) {
        if (piece.what == captured_piece::kind::gap) continue;
        auto line = line_of({piece.from, piece.what, piece.data, piece.missing, piece.time, 0});
        line.time.reset();
        lines.push_back(std::move(line));
    }
    shown.read = held(std::move(lines));
    return shown;
}

std::array<bool, 2> midway_sides(const captured_stream& stream) noexcept {
    return {stream.client.is_midway, stream.server.is_midway};
}

}  // namespace framewire
