#pragma once

#include "framewire/codec/detail/decimal_length.hpp"
#include "framewire/codec/detail/value_codec.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace framewire {

/// A syslog message in either form of RFC 6587, as rsyslog reads it: after a decimal length and a
/// space (3.4.1) if it begins with a digit, else a line (3.4.2), whose CR is dropped. LF, CR and
/// NUL before a message are passed over.
class syslog_any_scanner {
public:
    static constexpr std::string_view name = "a syslog message";
    static constexpr bool is_bare = false;

    scanned_part advance(bytes input, std::uint64_t payload_bytes_max) noexcept;
    void reset() noexcept { *this = {}; }
    [[nodiscard]] std::uint64_t wanted() const noexcept {
        return place_ == place::counted ? left_ : 1;
    }
    [[nodiscard]] std::string expectation() const;
    [[nodiscard]] static bool may_end() noexcept { return false; }
    static void end(char /*last*/, std::string& /*out*/) noexcept {}
    [[nodiscard]] static bool is_space(char byte) noexcept {
        return byte == '\n' || byte == '\r' || byte == '\0';
    }

private:
    enum class place : std::uint8_t { start, length, counted, line };

    scanned_part take_length(bytes input, std::uint64_t payload_bytes_max) noexcept;
    scanned_part take_counted(bytes input) noexcept;
    scanned_part take_line(bytes input) noexcept;

    decimal_length length_;
    std::uint64_t left_ = 0;
    place place_ = place::start;
    bool holds_return_ = false;  // a CR that may belong to the line's end
    char return_ = '\r';
};

extern template class value_decoder<syslog_any_scanner>;

/// `syslog-any`: reads both forms, and sends the octet count.
struct syslog_any {
    using decoder_type = value_decoder<syslog_any_scanner>;
    static constexpr bool announces_length = true;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return false; }

    static result<syslog_any> parse(spec_reader& /*spec*/) { return syslog_any{}; }

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept { return {{}, limit}; }
    tl::expected<void, errc> begin(std::uint64_t announced, std::string& out) const;
    void end(std::string& /*out*/) const noexcept {}
    [[nodiscard]] frame_layout describe() const { return {.own = grammar::syslog_any}; }
};

static_assert(codec<syslog_any>);

}  // namespace framewire
