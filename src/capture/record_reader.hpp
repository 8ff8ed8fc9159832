#pragma once

#include "byte_reader.hpp"
#include "captured_record.hpp"
#include "framewire/core/result.hpp"
#include "whole_numbers.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace framewire {

/// Reads the records of a capture file, in either byte order:
/// - pcap with micro- and nanoseconds, and with the longer record headers of some old systems
///   (draft-ietf-opsawg-pcap)
/// - pcapng: any number of sections and interfaces (draft-ietf-opsawg-pcapng)
///
/// Memory is bounded by the largest record that is taken, 16 MiB.
class record_reader {
public:
    explicit record_reader(byte_source source) : reader_(std::move(source)) {}

    /// Reads the head of the file. Requires: it is called once, before `next`.
    result<void> begin();
    /// The next record; none at the end. The words of a failure say what is wrong at `place`.
    result<std::optional<captured_record>> next();

    /// Where the last record, or what is wrong, begins.
    [[nodiscard]] std::uint64_t place() const noexcept { return place_; }
    /// True if the file ended inside a record or block: it is cut, or still being written.
    [[nodiscard]] bool is_cut() const noexcept { return is_cut_; }

private:
    /// An interface of pcapng.
    struct captured_on {
        int link_type = 0;
        std::uint32_t snap_length = 0;
        /// Units of time in a second: a power of 10, or, if negative, of 2.
        int resolution = 6;
        std::int64_t offset_seconds = 0;

        [[nodiscard]] std::chrono::system_clock::time_point time_of(std::uint64_t units) const;
    };
    using next_record = result<std::optional<captured_record>>;

    result<void> begin_pcap(bool has_long_records);
    next_record next_of_pcap();

    next_record next_of_pcapng();
    next_record read_block(std::uint32_t type, std::uint32_t size);
    result<void> begin_section(bytes head);
    result<void> read_interface(bytes body);
    result<void> read_option(std::uint16_t code, bytes value, captured_on& interface) const;
    next_record read_record(bytes body, bool is_old);
    next_record read_simple_record(bytes body);

    result<bytes> whole(std::size_t size);

    byte_reader reader_;
    byte_order order_{};
    bool is_pcapng_ = false;
    bool is_cut_ = false;
    std::uint64_t place_ = 0;
    // Of pcap:
    std::size_t record_header_bytes_ = 16;
    bool has_nanoseconds_ = false;
    std::uint16_t minor_version_ = 0;
    int link_type_ = 0;
    // Of pcapng:
    std::vector<captured_on> interfaces_;
    std::chrono::system_clock::time_point last_time_{};
};

}  // namespace framewire
