#pragma once

#include "cli/output.hpp"
#include "cli/protocols.hpp"
#include "framewire/net/observer.hpp"

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace framewire {

/// Prints what a server does, in a protocol's wording. Thread-safe.
class server_console final : public observer {
public:
    server_console(const server_wording& wording, output& to) : wording_(wording), to_(to) {}

    void started(const endpoint& at);
    void on(const peer& who, const occurrence& what) override;

private:
    struct unfinished_message {
        std::string beginning;
        std::uint64_t size = 0;
    };

    void opened(const peer& who);
    void received(const peer& who, const piece& payload);
    void closed(const peer& who, const close_reason& why);
    void batch_ended();
    void write_line(std::string_view wording, const peer& who, bytes payload = {},
                    std::string_view words = {});

    const server_wording& wording_;
    output& to_;
    std::mutex mutex_;
    std::size_t open_ = 0;
    std::unordered_map<std::uint64_t, unfinished_message>
        unfinished_;  // payloads that come in pieces
    std::string pending_;
};

}  // namespace framewire
