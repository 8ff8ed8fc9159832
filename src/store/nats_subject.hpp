#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace framewire {

/// A subject of NATS, which others publish to, too. Nothing is stored: while no server answers,
/// what is published is dropped, and what others publish is missed.
class nats_subject {
public:
    using received = std::function<void(bytes payload)>;
    using log = std::function<void(const std::string& words, bool is_trouble)>;

    /// Calls `taken` on another thread with what others publish, in their order; it should not
    /// block for long. `shown` are the servers in what is logged.
    static result<std::unique_ptr<nats_subject>> open(const std::string& servers,
                                                      std::string subject, std::string shown,
                                                      received taken, log notices);
    nats_subject(const nats_subject&) = delete;
    nats_subject& operator=(const nats_subject&) = delete;
    ~nats_subject();

    /// Waits for nothing. Thread-safe.
    void publish(bytes payload);

private:
    struct implementation;
    explicit nats_subject(std::unique_ptr<implementation> self);
    std::unique_ptr<implementation> self_;
};

}  // namespace framewire
