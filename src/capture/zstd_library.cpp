#include "zstd_library.hpp"

#include <dlfcn.h>
#include <optional>

namespace framewire {
namespace {

template <class F>
bool find(void* library, const char* name, F*& into) noexcept {
    // POSIX guarantees this cast from an object pointer to a function pointer.
    into = reinterpret_cast<F*>(::dlsym(library, name));  // NOLINT(*-reinterpret-cast)
    return into != nullptr;
}

std::optional<zstd_library> load_once() noexcept {
    auto* library = ::dlopen("libzstd.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return std::nullopt;
    zstd_library found{};
    const bool complete = find(library, "ZSTD_createDCtx", found.create) &&
                          find(library, "ZSTD_freeDCtx", found.free) &&
                          find(library, "ZSTD_DCtx_setParameter", found.set) &&
                          find(library, "ZSTD_decompressStream", found.decompress) &&
                          find(library, "ZSTD_isError", found.is_error) &&
                          find(library, "ZSTD_getErrorName", found.error_name);
    return complete ? std::optional(found) : std::nullopt;
}

}  // namespace

const zstd_library* zstd_library::load() noexcept {
    static const auto loaded = load_once();
    return loaded ? &*loaded : nullptr;
}

}  // namespace framewire
