#pragma once

#include "capture/read_capture.hpp"
#include "capture_writer.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace framewire::tests {

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

    captured_talk& client(std::uint32_t sequence, std::string_view payload,
                          std::string_view flags = "A") {
        return add(ipv4(tcp({client_port, server_port, client_first + sequence, flags, payload})));
    }
    captured_talk& server(std::uint32_t sequence, std::string_view payload,
                          std::string_view flags = "A") {
        const ipv4_fields back{.source = ipv4_fields().destination,
                               .destination = ipv4_fields().source};
        return add(
            ipv4(tcp({server_port, client_port, server_first + sequence, flags, payload}), back));
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
    [[nodiscard]] result<capture> read(const capture_options& options = {}) const {
        return read_capture(file_.done(), "test.pcap", options);
    }

private:
    pcap_writer file_{101};
};

/// A stream as text, each piece in brackets: `client[Hello] server[Hi] client.fin`.
inline std::string text_of(const captured_stream& stream) {
    std::string out;
    for (const auto& piece : stream.pieces) {
        out.append(out.empty() ? "" : " ").append(side_name(piece.from));
        switch (piece.end) {
            case captured_piece::ending::none: out += "[" + piece.bytes + "]"; break;
            case captured_piece::ending::fin: out += ".fin"; break;
            case captured_piece::ending::reset: out += ".reset"; break;
        }
    }
    return out;
}

/// The only stream of a capture as text, with its remarks.
inline std::string text_of(const result<capture>& found) {
    if (!found) return found.error().message();
    if (found->streams.size() != 1) return std::to_string(found->streams.size()) + " streams";
    auto out = text_of(found->streams.front());
    for (const auto& remark : found->streams.front().remarks) out += "; " + remark;
    for (const auto& remark : found->remarks) out += "; capture: " + remark;
    return out;
}

}  // namespace framewire::tests
