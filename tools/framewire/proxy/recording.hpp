#pragma once

#include "capture/capture_writer.hpp"
#include "fault.hpp"
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

/// Writes a transcript and a capture for each connection: `FOLDER/1.transcript`, `FOLDER/1.pcapng`
/// and so on, and where the server's side is another, also `FOLDER/1-server.transcript` and
/// `.pcapng`. One that cannot be written is reported once, and nothing else stops. Thread-safe.
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
    /// We have ended our stream to an end of that connection.
    void ended(const peer& client, end_of to);

private:
    struct conversation {
        std::uint64_t number;  // of its files
        std::ofstream file;
        transcript_printer printer;
        std::ofstream capture_file;
        capture_writer capture;
        capture_writer::side peer;  // the other one is ours
    };
    using conversations = std::map<std::uint64_t, conversation>;

    void open(conversations& among, const peer& who, std::uint64_t number,
              capture_writer::side peer_is, const framing& frames);
    void add(conversations& among, const peer& who, const occurrence& what);
    void capture(conversation& one, const occurrence& what);
    void write(std::ofstream& to, const std::string& content);

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
