#pragma once

#include "framewire/core/result.hpp"
#include "framewire/transport/tls.hpp"
#include "transport.hpp"

#include <memory>
#include <string_view>

namespace framewire {

/// Makes the transports of a server's connections. Thread-safe.
class tls_server_transports {
public:
    /// Reads the files. Fails with the file and the reason if one cannot be used.
    static result<tls_server_transports> load(const tls_server_settings& settings);

    /// Reads the files again, for transports that are made from now on. If it fails, nothing
    /// changes.
    result<void> reload() const;
    /// Throws `std::bad_alloc`.
    [[nodiscard]] std::unique_ptr<transport> make() const;

private:
    struct implementation;
    explicit tls_server_transports(std::shared_ptr<implementation> self);
    std::shared_ptr<implementation> self_;
};

/// What makes the transports of a client's connections to `host`, which is used unless the
/// settings have a name. They share a ticket, so that each but the first needs no full handshake.
/// Reads the files, and fails with the file and the reason if one cannot be used.
[[nodiscard]] result<transport_factory> tls_client_transports(const tls_client_settings& settings,
                                                              std::string_view host);

}  // namespace framewire
