#pragma once

#include "framewire/codec/detail/value_decoder.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace framewire {

class spec_reader;

/// A framing whose payload is one value that ends by itself, with no other bytes around it.
template <value_scanner Scanner>
struct value_codec {
    using decoder_type = value_decoder<Scanner>;
    static constexpr bool announces_length = false;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return Scanner::is_canonical; }

    static result<value_codec> parse(spec_reader& /*spec*/) { return value_codec{}; }

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept { return {Scanner{}, limit}; }
    /// Fails with `frame.syntax` if the payload is no such value, and with `frame.wrong_size` if
    /// it ends too early or continues after its value.
    [[nodiscard]] tl::expected<std::uint64_t, errc> measure(bytes payload) const noexcept {
        Scanner scanner;
        const auto found = scanner.advance(payload, unknown_length - 1);
        if (found.error) return tl::unexpected(*found.error);
        const bool ends = found.complete || scanner.may_end();
        if (!ends || found.data.size() != payload.size())
            return tl::unexpected(errc::frame_wrong_size);
        return payload.size();
    }
    void end(std::string& out) const { Scanner::end(out.back(), out); }
    /// Fails as `measure` does, as soon as that is known.
    tl::expected<void, errc> append(open_frame& frame, bytes data, std::string& out) const {
        if (data.empty()) return {};
        const auto* before = static_cast<const writing*>(frame.scanner.get());
        auto now = before == nullptr ? writing{} : *before;
        if (now.complete) return tl::unexpected(errc::frame_wrong_size);
        const auto found = now.scanner.advance(data, unknown_length - 1);
        if (found.error) return tl::unexpected(*found.error);
        if (found.data.size() != data.size()) return tl::unexpected(errc::frame_wrong_size);
        now.complete = found.complete;
        now.last = data.back();
        frame.scanner = std::make_shared<writing>(now);
        out += data;
        return {};
    }
    tl::expected<void, errc> finish(const open_frame& frame, std::string& out) const {
        const auto* written = static_cast<const writing*>(frame.scanner.get());
        const bool ends = written != nullptr && (written->complete || written->scanner.may_end());
        if (!ends) return tl::unexpected(errc::frame_wrong_size);
        Scanner::end(written->last, out);
        return {};
    }
    [[nodiscard]] frame_layout describe() const { return {.own = Scanner::own}; }

private:
    // A value that is written in pieces.
    struct writing {
        Scanner scanner{};
        bool complete = false;
        char last = '\0';
    };
};

}  // namespace framewire
