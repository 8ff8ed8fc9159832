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
    /// Keep the parts of this stream only; the others are numbered and have none. All of them are
    /// kept if it is absent.
    std::optional<std::size_t> stream{};
    /// Payloads that are kept, those that wait for a missing piece included, and what it costs to
    /// keep them. What a person wants to see step by step is far smaller; a whole day of traffic
    /// is not taken into memory by mistake.
    std::uint64_t kept_bytes_max = 64 * MiB;
    /// A scan of ports makes a stream of each probe.
    std::size_t streams_max = 100'000;
};

/// Reads a `.pcap` or `.pcapng` file, either byte order, micro- or nanoseconds; `-` is standard
/// input. Fails with the file, and where known the byte at which it cannot be read. A file that
/// ends inside a record is read up to there, and a remark says so.
[[nodiscard]] result<capture> read_capture(const std::string& path,
                                           const capture_options& options = {});

/// The same of a file's content. `name` is what errors call it.
[[nodiscard]] result<capture> read_capture(bytes content, const std::string& name,
                                           const capture_options& options = {});

}  // namespace framewire
