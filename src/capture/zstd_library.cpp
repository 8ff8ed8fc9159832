#include "zstd_library.hpp"

#include "core/library_symbol.hpp"

#include <dlfcn.h>
#include <optional>

namespace framewire {
namespace {

std::optional<zstd_library> load_once() noexcept {
    auto* library = ::dlopen("libzstd.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return std::nullopt;
    zstd_library found{};
    const bool complete = find_symbol(library, "ZSTD_createDCtx", found.create) &&
                          find_symbol(library, "ZSTD_freeDCtx", found.free) &&
                          find_symbol(library, "ZSTD_DCtx_setParameter", found.set) &&
                          find_symbol(library, "ZSTD_decompressStream", found.decompress) &&
                          find_symbol(library, "ZSTD_isError", found.is_error) &&
                          find_symbol(library, "ZSTD_getErrorName", found.error_name);
    return complete ? std::optional(found) : std::nullopt;
}

}  // namespace

const zstd_library* zstd_library::load() noexcept {
    static const auto loaded = load_once();
    return loaded ? &*loaded : nullptr;
}

}  // namespace framewire
