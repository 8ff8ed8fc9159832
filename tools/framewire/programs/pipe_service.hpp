#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/limits.hpp"
#include "framewire/service/service.hpp"
#include "program_runner.hpp"

#include <memory>
#include <string>

namespace framewire {

class program_link;

/// What the connections of a `pipe:` service share.
struct pipe_plan {
    std::shared_ptr<program_runner> runner;
    std::string command;
    /// Between us and the command.
    framing frames;
    limits bounds;
};

/// Starts a command for its connection. Payloads are frames on its standard input, and frames on
/// its standard output are sent to the peer, whenever they come. When the peer ends its stream,
/// the command's input ends; when the command ends, the connection does. An end that does not
/// read stops the other one: neither direction holds more than a bound.
class pipe_service final : public service {
public:
    explicit pipe_service(std::shared_ptr<const pipe_plan> plan) : plan_(std::move(plan)) {}

    void opened(const peer& who, outbox& replies) override;
    void receive(const piece& message, outbox& replies) override;
    void writable(outbox& replies) override;
    void peer_ended(outbox& replies) override;
    bool stopping(outbox& replies) override;
    void left(const close_reason& why) override;

private:
    std::shared_ptr<const pipe_plan> plan_;
    std::shared_ptr<program_link> link_;
    peer who_;
};

}  // namespace framewire
