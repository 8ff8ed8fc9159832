#include "pcap_library.hpp"

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

std::optional<pcap_library> load_once() noexcept {
    // Debian's name, then upstream's.
    auto* library = ::dlopen("libpcap.so.0.8", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) library = ::dlopen("libpcap.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return std::nullopt;
    pcap_library found{};
    const bool complete = find(library, "pcap_fopen_offline_with_tstamp_precision", found.open) &&
                          find(library, "pcap_close", found.close) &&
                          find(library, "pcap_datalink", found.datalink) &&
                          find(library, "pcap_datalink_val_to_name", found.datalink_name) &&
                          find(library, "pcap_file", found.file) &&
                          find(library, "pcap_next_ex", found.next) &&
                          find(library, "pcap_geterr", found.error);
    return complete ? std::optional(found) : std::nullopt;
}

}  // namespace

const pcap_library* pcap_library::load() noexcept {
    static const auto loaded = load_once();
    return loaded ? &*loaded : nullptr;
}

}  // namespace framewire
