#include "tls_transports.hpp"

#include "tls_configuration.hpp"
#include "tls_transport.hpp"

#include <mutex>
#include <utility>

namespace framewire {

struct tls_server_transports::implementation {
    implementation(tls_server_settings with, std::shared_ptr<tls_configuration> loaded)
        : settings(std::move(with)), current_(std::move(loaded)) {}

    [[nodiscard]] std::shared_ptr<tls_configuration> current() const {
        const std::lock_guard lock(mutex_);
        return current_;
    }
    void replace(std::shared_ptr<tls_configuration> with) {
        const std::lock_guard lock(mutex_);
        current_.swap(with);
    }

    const tls_server_settings settings;

private:
    mutable std::mutex mutex_;
    std::shared_ptr<tls_configuration> current_;
};

result<tls_server_transports> tls_server_transports::load(const tls_server_settings& settings) {
    auto loaded = tls_configuration::load(settings);
    if (!loaded) return tl::unexpected(loaded.error());
    return tls_server_transports(std::make_shared<implementation>(settings, std::move(*loaded)));
}

tls_server_transports::tls_server_transports(std::shared_ptr<implementation> self)
    : self_(std::move(self)) {}

result<void> tls_server_transports::reload() const {
    auto loaded = tls_configuration::load(self_->settings);
    if (!loaded) return tl::unexpected(loaded.error());
    self_->replace(std::move(*loaded));
    return {};
}

std::unique_ptr<transport> tls_server_transports::make() const {
    return std::make_unique<tls_transport>(self_->current(), self_->settings.handshake_deadline);
}

result<transport_factory> tls_client_transports(const tls_client_settings& settings,
                                                std::string_view host) {
    auto loaded = tls_configuration::load(settings, host);
    if (!loaded) return tl::unexpected(loaded.error());
    return [shared = std::move(*loaded), allowed = settings.handshake_deadline] {
        return std::make_unique<tls_transport>(shared, allowed);
    };
}

}  // namespace framewire
