#pragma once

#include "cli/output.hpp"
#include "cli/protocols.hpp"
#include "framewire/net/observer.hpp"

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace framewire {

/// Prints what a server does, in a protocol's wording. Of a large message only the beginning is
/// shown, and of too many lines none for a while (`output::admits`). Thread-safe.
class server_console final : public observer {
public:
    server_console(const server_wording& wording, output& to, bool has_timestamps)
        : wording_(wording), to_(to), has_timestamps_(has_timestamps) {}

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
    void show(const peer& who, bytes beginning, std::uint64_t size);
    void write_line(std::string_view wording, const peer& who, std::string_view words = {});
    void add_line(std::string_view wording, const peer& who, std::string_view text,
                  std::string_view words);

    const server_wording& wording_;
    output& to_;
    bool has_timestamps_;
    std::mutex mutex_;
    std::size_t open_ = 0;
    // Payloads that come in pieces, by connection.
    std::unordered_map<std::uint64_t, unfinished_message> unfinished_;
    std::string pending_;
};

}  // namespace framewire
