#pragma once

#include "framewire/core/result.hpp"
#include "nats_library.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace framewire {

/// Frees what libnats has made.
template <class T, auto nats_library::*Function>
struct nats_free {
    const nats_library* library;
    void operator()(T* made) const noexcept { (library->*Function)(made); }
};
using owned_nats_message =
    std::unique_ptr<natsMsg, nats_free<natsMsg, &nats_library::destroy_message>>;
using owned_nats_subscription =
    std::unique_ptr<natsSubscription,
                    nats_free<natsSubscription, &nats_library::destroy_subscription>>;

/// A connection to one of several NATS servers, which the threads of libnats make again whenever
/// it is lost, forever. One at a time in a process.
class nats_connection {
public:
    /// `changed` is called on any thread when something below has changed, and must not block.
    /// Succeeds if no server can be reached for now. `servers` is `HOST[:PORT][,...]`.
    static result<std::unique_ptr<nats_connection>> open(const std::string& servers,
                                                         const std::string& name,
                                                         std::function<void()> changed);
    nats_connection(const nats_connection&) = delete;
    nats_connection& operator=(const nats_connection&) = delete;
    /// Returns when no thread of libnats is left. What its threads use must outlive this.
    ~nats_connection();

    /// Closes it and opens it again, if libnats has given up (`is_closed`).
    void reopen();

    [[nodiscard]] bool is_connected() const noexcept { return is_connected_; }
    [[nodiscard]] bool is_closed() const noexcept { return is_closed_; }
    /// How often it has been made.
    [[nodiscard]] std::uint64_t times_made() const noexcept { return times_made_; }
    /// Why it is not connected, as far as libnats knows.
    [[nodiscard]] std::string trouble() const;
    /// Of a message with its headers.
    [[nodiscard]] std::int64_t payload_bytes_max() const;

    [[nodiscard]] const nats_library& library() const noexcept { return library_; }
    /// Null if it could not be opened again.
    [[nodiscard]] natsConnection* handle() const noexcept { return connection_; }

private:
    nats_connection(const nats_library& library, std::function<void()> changed)
        : library_(library), changed_(std::move(changed)) {}
    result<void> prepare(const std::string& servers, const std::string& name);
    result<void> connect();
    void note(bool connected, bool closed);

    static void on_connected(natsConnection* of, void* self);
    static void on_disconnected(natsConnection* of, void* self);
    static void on_closed(natsConnection* of, void* self);

    const nats_library& library_;
    const std::function<void()> changed_;
    natsOptions* options_ = nullptr;
    natsConnection* connection_ = nullptr;
    std::string trouble_;  // of opening it
    std::atomic<bool> is_connected_ = false;
    std::atomic<bool> is_closed_ = false;
    std::atomic<std::uint64_t> times_made_ = 0;
};

}  // namespace framewire
