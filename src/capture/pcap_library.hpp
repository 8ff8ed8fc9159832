#pragma once

#include <pcap/pcap.h>

namespace framewire {

/// The functions of libpcap that we call. It is loaded on first use: it depends on ten libraries,
/// which would double the command's startup time.
struct pcap_library {
    decltype(&pcap_fopen_offline_with_tstamp_precision) open;
    decltype(&pcap_close) close;
    decltype(&pcap_datalink) datalink;
    decltype(&pcap_datalink_val_to_name) datalink_name;
    decltype(&pcap_file) file;
    decltype(&pcap_next_ex) next;
    decltype(&pcap_geterr) error;

    /// Null if it cannot be loaded. Thread-safe.
    static const pcap_library* load() noexcept;
};

}  // namespace framewire
