#pragma once

#include "framewire/service/service.hpp"
#include "program_runner.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace framewire {

/// Starts a command for each payload, which is its standard input; what it writes is the reply.
/// Replies keep the order of the requests. If one fails, the connection ends with
/// `service.failed`; once the connection has ended, its commands are ended.
class exec_service final : public service {
public:
    /// `output_bytes_max`: a command that writes more fails.
    exec_service(std::shared_ptr<program_runner> runner, std::string command,
                 std::uint64_t output_bytes_max)
        : runner_(std::move(runner)),
          command_(std::move(command)),
          output_bytes_max_(output_bytes_max) {}

    void opened(const peer& who, outbox& replies) override;
    void receive(const piece& message, outbox& replies) override;
    void left(const close_reason& why) override;

private:
    std::shared_ptr<program_runner> runner_;
    std::string command_;
    std::uint64_t output_bytes_max_;
    peer who_;
};

}  // namespace framewire
