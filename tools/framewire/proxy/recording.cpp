#include "recording.hpp"

#include <fmt/format.h>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

namespace framewire {
namespace {

// Whole, however long: a recording is read by programs.
constexpr std::size_t line_bytes_max = static_cast<std::size_t>(-1);

time_point now() { return std::chrono::steady_clock::now(); }

}  // namespace

result<void> recording::prepare(const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return tl::unexpected(
            failure{fmt::format("cannot make the folder '{}': {}", folder, error.message())});
    }
    return {};
}

void recording::on(const peer& who, const occurrence& what) {
    const std::lock_guard lock(mutex_);
    if (std::holds_alternative<occurred::opened>(what)) {
        return open(with_clients_, who, ++files_, "", client_);
    }
    add(with_clients_, who, what);
}

void recording::on_server(const peer& who, const occurrence& what) {
    const std::lock_guard lock(mutex_);
    if (!std::holds_alternative<occurred::opened>(what)) return add(with_server_, who, what);
    const auto client = with_clients_.find(who.id);
    if (client == with_clients_.end()) return;  // it has left meanwhile
    open(with_server_, who, client->second.number, "-server", server_);
}

void recording::add(conversations& among, const peer& who, const occurrence& what) {
    const auto found = among.find(who.id);
    if (found == among.end()) return;
    auto& one = found->second;
    auto& printer = one.printer;
    std::visit(overloaded{[&](const occurred::received_bytes& it) {
                              write(one, printer.from_peer(it.data, now()));
                          },
                          [&](const occurred::received& it) {
                              write(one, printer.frame(it.payload, it.offset));
                          },
                          [&](const occurred::sent_bytes& it) {
                              write(one, printer.to_peer(it.data, now()));
                          },
                          [&](const occurred::peer_ended&) {
                              write(one, printer.peer_ended(now()) + printer.finished());
                          },
                          [&](const occurred::closed& it) {
                              if (it.why.error != nullptr)
                                  write(one, printer.failed(*it.why.error, now()));
                              among.erase(found);
                          },
                          [](const auto&) {}},
               what);
}

void recording::open(conversations& among, const peer& who, std::uint64_t number,
                     const char* suffix, const framing& frames) {
    const auto path = fmt::format("{}/{}{}.transcript", folder_, number, suffix);
    conversation one{number, std::ofstream(path, std::ios::binary),
                     transcript_printer(now(), line_bytes_max)};
    one.printer.keep_time();
    auto& added = among.insert_or_assign(who.id, std::move(one)).first->second;
    write(added, fmt::format("# {} to {}\n", who.remote.text(), who.local.text()) +
                     added.printer.begin(frames));
}

void recording::write(conversation& one, const std::string& lines) {
    one.file << lines << std::flush;
    if (one.file || std::exchange(has_failed_, true)) return;
    report_(fmt::format("cannot write to '{}'", folder_));
}

}  // namespace framewire
