#pragma once

#include "framewire/codec/framing.hpp"
#include "framewire/core/result.hpp"
#include "framewire/net/observer.hpp"
#include "framewire/transcript/printer.hpp"

#include <cstdint>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace framewire {

/// Writes a transcript for each connection: `FOLDER/1.transcript` and so on, and where the
/// server's side is another, `FOLDER/1-server.transcript`. One that cannot be written is reported
/// once, and nothing else stops. Thread-safe.
class recording final : public observer {
public:
    /// Makes the folder if there is none.
    static result<void> prepare(const std::string& folder);
    /// `client` is the framing of what the client sends, `server` of what the server sends.
    recording(std::string folder, framing client, framing server,
              std::function<void(std::string_view)> report)
        : folder_(std::move(folder)),
          client_(std::move(client)),
          server_(std::move(server)),
          report_(std::move(report)) {}

    void on(const peer& who, const occurrence& what) override;
    /// Of the server's side of the connection with that number.
    void on_server(const peer& who, const occurrence& what);

private:
    struct conversation {
        std::uint64_t number;  // of its files
        std::ofstream file;
        transcript_printer printer;
    };
    using conversations = std::map<std::uint64_t, conversation>;

    void open(conversations& among, const peer& who, std::uint64_t number, const char* suffix,
              const framing& frames);
    void add(conversations& among, const peer& who, const occurrence& what);
    void write(conversation& one, const std::string& lines);

    std::string folder_;
    framing client_;
    framing server_;
    std::function<void(std::string_view)> report_;
    std::mutex mutex_;
    conversations with_clients_;
    conversations with_server_;
    std::uint64_t files_ = 0;
    bool has_failed_ = false;
};

}  // namespace framewire
