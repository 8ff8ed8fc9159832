#pragma once

#include "transport/transport.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace framewire::tests {

/// A transport for tests. Each end first sends `hello`, then every byte of the stream inverted; a
/// zero byte, which is not inverted, ends the stream, and nothing may follow it; a byte of one is
/// an error. Both ends are alike, so it also makes and reads what a peer sends.
class masking_transport final : public transport {
public:
    static constexpr std::string_view hello = "\x01hello\x02";
    static constexpr char end_mark = '\0';
    static constexpr char wrong_mark = '\x01';

    explicit masking_transport(std::chrono::milliseconds at_most = std::chrono::seconds(5))
        : output_(hello), allowance_{at_most, errc::io_timeout_header} {}
    /// Says that the peer is somewhere else.
    explicit masking_transport(endpoint remote) : masking_transport() {
        identity_.remote = std::move(remote);
    }

    wire_result<void> receive(bytes wire, std::string& stream) override {
        for (const char byte : wire) {
            if (heard_ < hello.size()) {
                if (byte != hello[heard_++]) return tl::unexpected(failed("not a mask"));
            } else if (peer_finished_) {
                return tl::unexpected(failed("more than the stream"));
            } else if (byte == wrong_mark) {
                return tl::unexpected(failed("a wrong mark"));
            } else if (byte == end_mark) {
                peer_finished_ = true;
            } else {
                stream += static_cast<char>(~byte);
            }
        }
        return {};
    }
    wire_result<void> receive_eof() override {
        if (peer_finished_) return {};
        return tl::unexpected(failed("the mask has slipped"));
    }
    [[nodiscard]] bool peer_finished() const noexcept override { return peer_finished_; }

    [[nodiscard]] bool established() const noexcept override { return heard_ == hello.size(); }
    [[nodiscard]] handshake_allowance allowance() const noexcept override { return allowance_; }
    [[nodiscard]] const peer_identity& identity() const noexcept override { return identity_; }

    wire_result<void> send(bytes stream) override {
        if (stream.find(static_cast<char>(~end_mark)) != bytes::npos) {
            return tl::unexpected(failed("cannot be masked"));
        }
        std::ranges::transform(stream, std::back_inserter(output_),
                               [](char byte) { return static_cast<char>(~byte); });
        return {};
    }
    void close() override { output_ += end_mark; }
    [[nodiscard]] std::size_t held_bytes() const noexcept override { return output_.size(); }
    [[nodiscard]] bytes output() const noexcept override { return output_; }
    void sent(std::size_t size) override { output_.erase(0, size); }

private:
    // An error that a peer may still be told of.
    static wire_error failed(std::string_view words) {
        return {errc::frame_syntax, 0, std::string(words)};
    }

    std::size_t heard_ = 0;  // of the peer's `hello`
    bool peer_finished_ = false;
    std::string output_;
    handshake_allowance allowance_;
    peer_identity identity_;
};

/// What a peer sends for a stream that it ends.
inline std::string masked(std::string_view stream, bool ends = true) {
    masking_transport ours;
    std::string none;
    (void)ours.receive(masking_transport::hello, none);
    (void)ours.send(stream);
    if (ends) ours.close();
    return std::string(ours.output());
}

/// The stream that a peer has sent; what went wrong, if anything did.
inline std::string unmasked(std::string_view wire) {
    masking_transport ours;
    std::string stream;
    const auto taken = ours.receive(wire, stream);
    return taken ? stream : stream + " and " + taken.error().words;
}

}  // namespace framewire::tests
