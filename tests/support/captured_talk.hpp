#pragma once

#include "capture/capture_file.hpp"
#include "capture_writer.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire::tests {

/// A piece with its own bytes.
struct collected_piece {
    stream_side from{};
    captured_piece::kind what{};
    std::string data;
    std::uint64_t missing = 0;
    std::chrono::system_clock::time_point time{};
    std::uint64_t packet = 0;
};

/// What a capture has, with the pieces of each stream.
struct collected_capture {
    capture about;
    std::vector<std::vector<collected_piece>> pieces;
};

inline result<collected_capture> collect(const capture_file& file,
                                         const capture_options& options = {}) {
    collected_capture all;
    const auto keep = [&](const captured_stream& stream, const captured_piece& piece) {
        if (all.pieces.size() <= stream.number) all.pieces.resize(stream.number + 1);
        all.pieces[stream.number].push_back({piece.from, piece.what, std::string(piece.data),
                                             piece.missing, piece.time, piece.packet});
    };
    return file.read(options, keep).map([&](capture found) {
        all.about = std::move(found);
        all.pieces.resize(all.about.streams.size());
        return std::move(all);
    });
}

inline result<collected_capture> collect(std::string content, std::string name = "a",
                                         const capture_options& options = {}) {
    return collect(capture_file::of(std::move(content), std::move(name)), options);
}

/// A stream as text, each piece in brackets: `client[Hello] server[Hi] client.gap4 client.fin`.
inline std::string text_of(const std::vector<collected_piece>& pieces) {
    using kind = captured_piece::kind;
    std::string out;
    for (const auto& piece : pieces) {
        out.append(out.empty() ? "" : " ").append(side_name(piece.from));
        switch (piece.what) {
            case kind::data: out += "[" + piece.data + "]"; break;
            case kind::fin: out += ".fin"; break;
            case kind::reset: out += ".reset"; break;
            case kind::gap: out += ".gap" + std::to_string(piece.missing); break;
        }
    }
    return out;
}

/// The only stream of a capture as text, with its remarks.
inline std::string text_of(const result<collected_capture>& found) {
    if (!found) return found.error().message();
    const auto& streams = found->about.streams;
    if (streams.size() != 1) return std::to_string(streams.size()) + " streams";
    auto out = text_of(found->pieces.front());
    for (const auto& remark : streams.front().remarks) out += "; " + remark;
    for (const auto& remark : found->about.remarks) out += "; capture: " + remark;
    return out;
}

/// A capture of segments between 10.0.0.1:40000, the client, and 10.0.0.2:7000, on a link of raw
/// IP. Sequence numbers count from the first byte of each side.
class captured_talk {
public:
    std::uint16_t client_port = 40'000;
    std::uint16_t server_port = 7000;
    std::uint32_t client_first = 1000;
    std::uint32_t server_first = 5000;
    /// The time of the next segment; it increases by one for each.
    std::uint32_t microseconds = 0;
    std::size_t cut_to = 65'536;
    /// What each side acknowledges of the other.
    std::uint32_t client_acknowledges = 0;
    std::uint32_t server_acknowledges = 0;

    captured_talk& client(std::uint32_t sequence, std::string_view payload,
                          std::string_view flags = "A") {
        return add(ipv4(tcp({.source_port = client_port,
                             .destination_port = server_port,
                             .sequence = client_first + sequence,
                             .acknowledgement = server_first + client_acknowledges,
                             .flags = flags,
                             .payload = payload})));
    }
    captured_talk& server(std::uint32_t sequence, std::string_view payload,
                          std::string_view flags = "A") {
        const ipv4_fields back{.source = ipv4_fields().destination,
                               .destination = ipv4_fields().source};
        return add(ipv4(tcp({.source_port = server_port,
                             .destination_port = client_port,
                             .sequence = server_first + sequence,
                             .acknowledgement = client_first + server_acknowledges,
                             .flags = flags,
                             .payload = payload}),
                        back));
    }
    captured_talk& open() {
        constexpr std::uint32_t in_front = 0xFFFFFFFF;
        return client(in_front, "", "S").server(in_front, "", "SA").client(0, "");
    }
    captured_talk& add(std::string_view datagram) {
        file_.add(datagram, {0, microseconds++, cut_to});
        return *this;
    }

    [[nodiscard]] const std::string& file() const { return file_.done(); }
    [[nodiscard]] result<collected_capture> read(const capture_options& options = {}) const {
        return collect(file_.done(), "test.pcap", options);
    }

private:
    pcap_writer file_{101};
};

}  // namespace framewire::tests
