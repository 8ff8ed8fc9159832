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

/// Writes a transcript for each connection: `FOLDER/1.transcript` and so on. One that cannot be
/// written is reported once, and nothing else stops. Thread-safe.
class recording final : public observer {
public:
    /// Makes the folder if there is none.
    static result<void> prepare(const std::string& folder);
    /// `frames` is the framing of what the client sends.
    recording(std::string folder, framing frames, std::function<void(std::string_view)> report)
        : folder_(std::move(folder)), framing_(std::move(frames)), report_(std::move(report)) {}

    void on(const peer& who, const occurrence& what) override;

private:
    struct conversation {
        std::ofstream file;
        transcript_printer printer;
    };

    void open(const peer& who);
    void write(conversation& one, const std::string& lines);

    std::string folder_;
    framing framing_;
    std::function<void(std::string_view)> report_;
    std::mutex mutex_;
    std::map<std::uint64_t, conversation> open_;
    std::uint64_t files_ = 0;
    bool has_failed_ = false;
};

}  // namespace framewire
