#pragma once

#include <cstdint>

namespace framewire::durability_rig {

/// The files of a store, by what their names end with.
enum class file_of : std::uint32_t { database, log, mark, journal, folder, other };

/// What a trace consists of: this, and then `size` bytes.
struct record {
    enum class kind : std::uint32_t {
        made,       // a name in the folder
        removed,    // a name in the folder
        written,    // bytes, at `at`
        truncated,  // to `at`
        flushed,    // all that was written to a file, or the names in the folder
        failed,     // flushing a file: what was written since is on the disk or not
        accepted,   // a connection, numbered `at`
        sent,       // bytes, by the connection `at`
    };
    kind what;
    file_of file;
    std::uint64_t at;
    std::uint64_t size;
};

}  // namespace framewire::durability_rig
