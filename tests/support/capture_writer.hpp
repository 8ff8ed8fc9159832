#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace framewire::tests {

/// Whole numbers in either byte order.
class number_writer {
public:
    explicit number_writer(bool big_endian = true) : big_endian_(big_endian) {}

    number_writer& u8(std::size_t value) { return put(value, 1); }
    number_writer& u16(std::size_t value) { return put(value, 2); }
    number_writer& u32(std::size_t value) { return put(value, 4); }
    number_writer& text(std::string_view bytes) { return out_ += bytes, *this; }
    number_writer& pad_to(std::size_t multiple) {
        while (out_.size() % multiple != 0) out_ += '\0';
        return *this;
    }
    [[nodiscard]] std::string done() const { return out_; }

private:
    number_writer& put(std::size_t value, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) {
            const auto shift = 8 * (big_endian_ ? size - 1 - i : i);
            out_ += static_cast<char>(value >> shift & 0xFF);
        }
        return *this;
    }

    bool big_endian_;
    std::string out_;
};

/// The fields of a TCP segment that readers use.
struct tcp_fields {
    std::uint16_t source_port = 0;
    std::uint16_t destination_port = 0;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    std::string_view flags{};  ///< some of `SAFR`
    std::string_view payload{};
    std::string_view options{};  ///< a multiple of 4 bytes
};

inline std::string tcp(const tcp_fields& fields) {
    std::size_t flags = 0;
    for (const char flag : fields.flags) flags |= flag == 'S' ? 2U : flag == 'A' ? 16U : 0U;
    for (const char flag : fields.flags) flags |= flag == 'F' ? 1U : flag == 'R' ? 4U : 0U;
    return number_writer()
        .u16(fields.source_port)
        .u16(fields.destination_port)
        .u32(fields.sequence)
        .u32(fields.acknowledgement)
        .u8((5 + fields.options.size() / 4) << 4)
        .u8(flags)
        .u16(1024)
        .u32(0)
        .text(fields.options)
        .text(fields.payload)
        .done();
}

struct ipv4_fields {
    std::string_view source{"\x0a\0\0\1", 4};
    std::string_view destination{"\x0a\0\0\2", 4};
    std::size_t protocol = 6;
    std::size_t fragment = 0;    ///< flags and offset
    std::string_view options{};  ///< a multiple of 4 bytes
    std::size_t missing = 0;     ///< bytes that the datagram announces and lacks
    bool length_zero = false;
    std::size_t identification = 1;
};

inline std::string ipv4(std::string_view payload, const ipv4_fields& fields = {}) {
    const auto total = 20 + fields.options.size() + payload.size() + fields.missing;
    return number_writer()
        .u8(0x40 + 5 + fields.options.size() / 4)
        .u8(0)
        .u16(fields.length_zero ? 0 : total)
        .u16(fields.identification)
        .u16(fields.fragment)
        .u8(64)
        .u8(fields.protocol)
        .u16(0)
        .text(fields.source)
        .text(fields.destination)
        .text(fields.options)
        .text(payload)
        .done();
}

inline constexpr std::string_view ipv6_one{"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16};
inline constexpr std::string_view ipv6_two{"\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2", 16};

inline std::string ipv6(std::string_view payload, std::size_t next_header = 6,
                        std::string_view source = ipv6_one,
                        std::string_view destination = ipv6_two) {
    return number_writer()
        .u32(0x60000000)
        .u16(payload.size())
        .u8(next_header)
        .u8(64)
        .text(source)
        .text(destination)
        .text(payload)
        .done();
}

inline constexpr std::size_t type_ipv4 = 0x0800;
inline constexpr std::size_t type_ipv6 = 0x86DD;

/// `tags` are the EtherTypes of VLAN tags before it.
inline std::string ethernet(std::string_view payload, std::size_t type = type_ipv4,
                            std::initializer_list<std::size_t> tags = {}) {
    number_writer out;
    out.text("ABCDEFabcdef");
    for (const auto tag : tags) out.u16(tag).u16(7);
    return out.u16(type).text(payload).done();
}

struct record_fields {
    std::uint32_t seconds = 0;
    std::uint32_t fraction = 0;   ///< micro- or nanoseconds
    std::size_t cut_to = 65'536;  ///< the snapshot length
};

/// A capture file in the old format.
class pcap_writer {
public:
    explicit pcap_writer(std::size_t link_type = 1, bool big_endian = false,
                         bool nanoseconds = false)
        : big_endian_(big_endian) {
        out_ = numbers()
                   .u32(nanoseconds ? 0xA1B23C4D : 0xA1B2C3D4)
                   .u16(2)
                   .u16(4)
                   .u32(0)
                   .u32(0)
                   .u32(65'536)
                   .u32(link_type)
                   .done();
    }

    pcap_writer& add(std::string_view record, const record_fields& fields = {}) {
        const auto captured = record.substr(0, fields.cut_to);
        out_ += numbers()
                    .u32(fields.seconds)
                    .u32(fields.fraction)
                    .u32(captured.size())
                    .u32(record.size())
                    .text(captured)
                    .done();
        return *this;
    }
    [[nodiscard]] const std::string& done() const { return out_; }

private:
    [[nodiscard]] number_writer numbers() const { return number_writer(big_endian_); }

    bool big_endian_;
    std::string out_;
};

/// A capture file in the newer format.
class pcapng_writer {
public:
    /// With one interface.
    explicit pcapng_writer(std::size_t link_type = 1, bool big_endian = false,
                           bool nanoseconds = false)
        : pcapng_writer(nothing(), big_endian) {
        add_interface(link_type, 0, nanoseconds ? std::string_view("\x09") : std::string_view());
    }
    static pcapng_writer without_interfaces(bool big_endian = false) {
        return pcapng_writer(nothing(), big_endian);
    }

    /// Begins another section, in either byte order.
    pcapng_writer& section(bool big_endian) {
        big_endian_ = big_endian;
        return block(
            0x0A0D0D0A,
            numbers().u32(0x1A2B3C4D).u16(1).u16(0).u32(0xFFFFFFFF).u32(0xFFFFFFFF).done());
    }
    /// `resolution` is the value of the option if_tsresol, `offset` that of if_tsoffset.
    pcapng_writer& add_interface(std::size_t link_type, std::size_t snap_length,
                                 std::string_view resolution = {}, std::string_view offset = {}) {
        auto interface = numbers().u16(link_type).u16(0).u32(snap_length);
        if (!resolution.empty()) interface.u16(9).u16(1).text(resolution).pad_to(4);
        if (!offset.empty()) interface.u16(14).u16(8).text(offset);
        if (!resolution.empty() || !offset.empty()) interface.u32(0);
        return block(1, interface.done());
    }
    /// A packet of an interface, by its number.
    pcapng_writer& add_on(std::size_t interface, std::string_view record, std::uint64_t time = 0) {
        return block(6, numbers()
                            .u32(interface)
                            .u32(time >> 32)
                            .u32(time & 0xFFFFFFFF)
                            .u32(record.size())
                            .u32(record.size())
                            .text(record)
                            .done());
    }

    /// The time is in units of the interface.
    pcapng_writer& add(std::string_view record, std::uint64_t time = 0,
                       std::size_t cut_to = 65'536) {
        const auto captured = record.substr(0, cut_to);
        return block(6, numbers()
                            .u32(0)
                            .u32(time >> 32)
                            .u32(time & 0xFFFFFFFF)
                            .u32(captured.size())
                            .u32(record.size())
                            .text(captured)
                            .done());
    }

    pcapng_writer& block(std::size_t type, std::string_view body) {
        const auto padded = number_writer().text(body).pad_to(4).done();
        const auto size = padded.size() + 12;
        out_ += numbers().u32(type).u32(size).text(padded).u32(size).done();
        return *this;
    }
    [[nodiscard]] const std::string& done() const { return out_; }

private:
    [[nodiscard]] number_writer numbers() const { return number_writer(big_endian_); }

    struct nothing {};
    pcapng_writer(nothing /*unused*/, bool big_endian) { section(big_endian); }

    bool big_endian_ = false;
    std::string out_{};
};

}  // namespace framewire::tests
