#pragma once

#include "captured_stream.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "framewire/core/units.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace framewire {

struct capture_options {
    /// Keep the pieces of this stream only; the others are numbered and have none. If absent, all
    /// are kept.
    std::optional<std::size_t> stream{};
    /// Memory for the payloads that are kept, including those that wait for missing bytes. What a
    /// person wants to see step by step is far smaller; this prevents loading a day of traffic by
    /// mistake.
    std::uint64_t kept_bytes_max = 64 * MiB;
    /// In a port scan, each probe is a stream.
    std::size_t streams_max = 100'000;
};

/// Reads a `.pcap` or `.pcapng` file, either byte order, micro- or nanoseconds; `-` is standard
/// input. A failure names the file and, if known, the byte at which it cannot be read. A file that
/// ends inside a record is read up to there, and a remark says so.
[[nodiscard]] result<capture> read_capture(const std::string& path,
                                           const capture_options& options = {});

/// Reads the content of a file. Errors call it `name`.
[[nodiscard]] result<capture> read_capture(bytes content, const std::string& name,
                                           const capture_options& options = {});

}  // namespace framewire
