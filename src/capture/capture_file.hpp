#pragma once

#include "captured_stream.hpp"
#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"
#include "framewire/core/units.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace framewire {

struct capture_options {
    /// The numbers of the streams whose pieces are wanted; the others are counted and numbered. If
    /// absent, all are wanted.
    std::optional<std::set<std::size_t>> streams{};
    /// Called now and then with the bytes read of the file, and the bytes in it.
    std::function<void(std::uint64_t, std::uint64_t)> progress{};
    /// Memory for bytes that wait for missing ones, of all streams together. Above it, the oldest
    /// are taken to be missing for good. As much again may be held until it is clear whether
    /// acknowledged bytes are missing.
    std::uint64_t waiting_bytes_max = 32 * MiB;
    /// In a port scan, each probe is a stream. Those above are left out, and a remark counts them.
    std::size_t streams_max = 100'000;
};

/// Receives the pieces of all wanted streams as they become readable. The stream is as known so
/// far. Nothing of a side follows its `fin` or `reset`.
using piece_sink = std::function<void(const captured_stream&, const captured_piece&)>;

/// A file that may be a capture: `.pcap` or `.pcapng`. It is opened once and can be read several
/// times: standard input and pipes are copied to a temporary file first.
class capture_file {
public:
    /// `-` is standard input. Fails if it cannot be opened or copied; the format is not checked.
    [[nodiscard]] static result<capture_file> open(const std::string& path);
    /// Errors call it `name`.
    [[nodiscard]] static capture_file of(std::string content, std::string name);

    /// True if it begins as a capture does.
    [[nodiscard]] bool is_capture() const;
    /// The whole content. Fails if it is larger than `size_max`.
    [[nodiscard]] result<std::string> content(std::uint64_t size_max) const;
    /// What errors call it.
    [[nodiscard]] const std::string& name() const noexcept;

    /// Reads the streams in one pass. A failure names the file and, if known, the byte at which it
    /// cannot be read. A file that ends inside a record is read up to there, and a remark says so.
    [[nodiscard]] result<capture> read(const capture_options& options,
                                       const piece_sink& sink) const;

private:
    struct state;
    explicit capture_file(std::shared_ptr<const state> opened) : state_(std::move(opened)) {}
    std::shared_ptr<const state> state_;
};

}  // namespace framewire
