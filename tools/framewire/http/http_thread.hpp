#pragma once

#include "framewire/core/endpoint.hpp"
#include "framewire/core/result.hpp"
#include "framewire/io/address.hpp"
#include "http_message.hpp"

#include <memory>

namespace framewire {

/// Serves a site at an address of its own and on a thread of its own, for as long as this exists.
class http_thread {
public:
    /// Fails if it cannot listen there, or the system has no descriptor or thread left. Requires:
    /// `site` outlives this.
    [[nodiscard]] static result<http_thread> start(const address& where, http_site& site);
    http_thread(http_thread&&) noexcept;
    http_thread& operator=(http_thread&&) noexcept;
    ~http_thread();

    [[nodiscard]] const endpoint& local() const noexcept;

private:
    struct implementation;
    explicit http_thread(std::unique_ptr<implementation> self);
    std::unique_ptr<implementation> self_;
};

/// A response that nobody keeps or takes for another type.
[[nodiscard]] http_response plain_response(int status, std::string type, std::string body);

}  // namespace framewire
