#pragma once

#include "framewire/core/result.hpp"
#include "store.hpp"

#include <memory>
#include <string>

namespace framewire {

/// Answers other processes that read a store which this one has open (`store_source`), at a local
/// socket beside its file, which only its owner can use, and on a thread of its own.
class store_site {
public:
    /// Fails if it cannot listen there, for instance as the path is too long for a socket.
    static result<store_site> start(const std::string& store_path, std::shared_ptr<store> shown);
    store_site(store_site&&) noexcept;
    store_site& operator=(store_site&&) noexcept;
    ~store_site();

private:
    struct implementation;
    explicit store_site(std::unique_ptr<implementation> self);
    std::unique_ptr<implementation> self_;
};

}  // namespace framewire
