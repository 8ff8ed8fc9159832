#pragma once

#include <zstd.h>

namespace framewire {

/// The functions of libzstd that we call. It is loaded on first use: few captures need it, and it
/// is six times as large as zlib.
struct zstd_library {
    decltype(&ZSTD_createDCtx) create;
    decltype(&ZSTD_freeDCtx) free;
    decltype(&ZSTD_DCtx_setParameter) set;
    decltype(&ZSTD_decompressStream) decompress;
    decltype(&ZSTD_isError) is_error;
    decltype(&ZSTD_getErrorName) error_name;

    /// Null if it cannot be loaded. Thread-safe.
    static const zstd_library* load() noexcept;
};

}  // namespace framewire
