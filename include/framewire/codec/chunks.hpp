#pragma once

#include "framewire/codec/detail/field_lines.hpp"
#include "framewire/codec/detail/reading_decoder.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace framewire {

class spec_reader;

/// How a payload is divided into chunks.
struct chunk_rules {
    enum class kind : std::uint8_t { sized, http, netconf };

    kind what = kind::sized;
    std::uint8_t width = 2;  ///< of a size in binary
    bool little_endian = false;

    [[nodiscard]] std::uint64_t chunk_bytes_max() const noexcept;
    /// What follows the data of a chunk that is the last.
    [[nodiscard]] bytes end() const noexcept;
    void write_head(std::uint64_t size, std::string& out) const;
};

/// Reads the chunks of a payload up to its end.
class chunk_reader {
public:
    // Of chunk extensions and trailer fields, which are dropped.
    static constexpr std::size_t dropped_bytes_max = 4096;

    explicit chunk_reader(const chunk_rules& rules) noexcept;

    reading_step read(bytes input) noexcept;
    [[nodiscard]] std::size_t wanted() const noexcept;
    [[nodiscard]] bytes end_name() const noexcept;
    [[nodiscard]] complaint complain(bytes /*beginning*/, bytes input) const {
        return {words_for(input)};
    }

private:
    [[nodiscard]] std::string words_for(bytes input) const;

    enum class place : std::uint8_t {
        head,       ///< before a size in binary, or in it
        size,       ///< at a digit of a size in text
        extension,  ///< after a size of HTTP
        size_end,   ///< at the LF after it
        data,
        data_end,   ///< at the CR after the data, or the LF before a size of NETCONF
        line_feed,  ///< at the LF after the data
        hash,       ///< at the # before a size of NETCONF
        trailer,    ///< in the trailer section
        end,        ///< at the last LF of NETCONF
    };

    // Each returns false, and has changed nothing, if the byte is wrong.
    bool take(char byte) noexcept;
    bool take_in_head(char byte) noexcept;
    bool take_in_http(char byte) noexcept;
    bool take_in_size(char byte) noexcept;
    bool take_in_trailer(char byte) noexcept;
    bool take_in_netconf(char byte) noexcept;
    bool drop(char byte) noexcept;
    void begin_data() noexcept;
    void restart() noexcept;

    chunk_rules rules_;
    place place_ = place::head;
    place first_ = place::head;
    place after_data_ = place::head;
    std::uint8_t taken_ = 0;  // of a size
    bool ended_ = false;
    bool has_data_ = false;
    std::uint16_t dropped_ = 0;
    std::uint64_t left_ = 0;  // of the chunk's data; before it, the size
    field_lines trailer_;
};

/// `chunks:SPEC`: a payload is a row of chunks, each after its size in binary, that an empty one
/// ends. `chunked`: chunks as HTTP writes them (RFC 9112, section 7.1); extensions and trailer
/// fields are dropped. `netconf11`: as NETCONF does (RFC 6242, section 4.2), whose payloads are
/// not empty.
///
/// Strict: sizes are digits and nothing else, and lines end with CR LF. Extensions and trailer
/// fields have at most 4096 bytes together, and name no length.
struct chunks {
    using decoder_type = reading_decoder<chunk_reader>;
    static constexpr bool announces_length = false;
    [[nodiscard]] static constexpr bool is_canonical() noexcept { return false; }

    chunk_rules rules{};

    static result<chunks> parse(spec_reader& spec);

    [[nodiscard]] decoder_type decoder(bound limit) const noexcept {
        return {chunk_reader(rules), limit};
    }
    /// Each piece is a chunk, or several if it is too long for one.
    tl::expected<void, errc> append(open_frame& frame, bytes data, std::string& out) const;
    /// Fails with `frame.wrong_size` if the payload is empty and cannot be.
    tl::expected<void, errc> finish(const open_frame& frame, std::string& out) const;
    [[nodiscard]] frame_layout describe() const;
};

static_assert(codec<chunks> && transforming_codec<chunks>);

}  // namespace framewire
