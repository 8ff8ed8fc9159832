#pragma once

#include "trace.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::durability_rig {

constexpr std::array<std::string_view, 4> file_names{"store.db", "store.db-wal", "store.db-mark",
                                                     "store.db-journal"};

/// What a disk may have after a power cut, by file.
using disk_state = std::map<std::size_t, std::string>;

/// A disk with a cache: what was flushed is on it for certain; of what was written since, any
/// part, in sectors of 512 bytes. After a flush that failed, the cache takes what was written
/// before for flushed, so that it is never written again.
class disk {
public:
    /// Begins with the files of a folder, all of them flushed.
    static disk of(const std::filesystem::path& folder);

    /// Requires: `data` stays valid.
    void apply(const record& done, std::string_view data);
    /// One of the states that a power cut may leave now.
    [[nodiscard]] disk_state after_power_cut(std::mt19937_64& random) const;

private:
    enum class fate : std::uint8_t { pending, doubtful, certain };
    struct change {
        std::optional<std::string_view> data;  // a write; or else the size is set
        std::uint64_t at;
        fate is = fate::pending;
    };
    struct content {
        std::string flushed;
        std::vector<change> changes;
    };
    struct name_change {
        std::size_t file;
        std::optional<std::size_t> content;  // nothing: removed
    };
    enum class loss : std::uint8_t { all, nothing, changes, sectors, tail, all_but_one, one };

    [[nodiscard]] std::string read_back(const content& of, loss how,
                                        std::mt19937_64& random) const;
    static void apply(const change& one, std::string& to);
    static void flush(content& one);
    void flush_names();

    std::vector<content> contents_;
    std::map<std::size_t, std::size_t> names_;  // as they are seen now
    std::map<std::size_t, std::size_t> flushed_names_;
    std::vector<name_change> pending_names_;
};

}  // namespace framewire::durability_rig
