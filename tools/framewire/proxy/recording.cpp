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

capture_writer::side other_of(capture_writer::side one) {
    using side = capture_writer::side;
    return one == side::client ? side::server : side::client;
}

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
        return open(with_clients_, who, ++files_, capture_writer::side::client, client_);
    }
    add(with_clients_, who, what);
}

void recording::on_server(const peer& who, const occurrence& what) {
    const std::lock_guard lock(mutex_);
    if (!std::holds_alternative<occurred::opened>(what)) return add(with_server_, who, what);
    const auto client = with_clients_.find(who.id);
    if (client == with_clients_.end()) return;  // it has left meanwhile
    open(with_server_, who, client->second.number, capture_writer::side::server, server_);
}

void recording::ended(const peer& client, end_of to) {
    const std::lock_guard lock(mutex_);
    auto& among = to == end_of::client ? with_clients_ : with_server_;
    const auto found = among.find(client.id);
    if (found == among.end()) return;
    auto& one = found->second;
    write(one.capture_file,
          one.capture.ended(other_of(one.peer), std::chrono::system_clock::now()));
}

void recording::add(conversations& among, const peer& who, const occurrence& what) {
    const auto found = among.find(who.id);
    if (found == among.end()) return;
    auto& one = found->second;
    auto& printer = one.printer;
    const auto write_lines = [&](const std::string& lines) { write(one.file, lines); };
    std::visit(overloaded{[&](const occurred::received_bytes& it) {
                              write_lines(printer.from_peer(it.data, now()));
                          },
                          [&](const occurred::received& it) {
                              write_lines(printer.frame(it.payload, it.offset));
                          },
                          [&](const occurred::sent_bytes& it) {
                              write_lines(printer.to_peer(it.data, now()));
                          },
                          [&](const occurred::peer_ended&) {
                              write_lines(printer.peer_ended(now()) + printer.finished());
                          },
                          [&](const occurred::closed& it) {
                              if (it.why.error != nullptr)
                                  write_lines(printer.failed(*it.why.error, now()));
                          },
                          [](const auto&) {}},
               what);
    capture(one, what);
    if (std::holds_alternative<occurred::closed>(what)) among.erase(found);
}

void recording::capture(conversation& one, const occurrence& what) {
    const auto at = std::chrono::system_clock::now();
    const auto peer = one.peer;
    const auto us = other_of(peer);
    std::string records;
    std::visit(
        overloaded{
            [&](const occurred::received_bytes& it) {
                records = one.capture.sent(peer, it.data, at);
            },
            [&](const occurred::sent_bytes& it) { records = one.capture.sent(us, it.data, at); },
            [&](const occurred::peer_ended&) { records = one.capture.ended(peer, at); },
            [&](const occurred::closed& it) {
                const auto* const error = it.why.error;
                if (error != nullptr && error->code == errc::io_reset) {
                    records = one.capture.reset(peer, at);
                    return;
                }
                for (const auto side : {us, peer}) {
                    if (one.capture.is_open(side)) {
                        records += one.capture.ended(side, at);
                    }
                }
            },
            [](const auto&) {}},
        what);
    write(one.capture_file, records);
}

void recording::open(conversations& among, const peer& who, std::uint64_t number,
                     capture_writer::side peer_is, const framing& frames) {
    const bool is_client = peer_is == capture_writer::side::client;
    const auto path = fmt::format("{}/{}{}", folder_, number, is_client ? "" : "-server");
    conversation one{
        number,
        std::ofstream(path + ".transcript", std::ios::binary),
        transcript_printer(now(), line_bytes_max),
        std::ofstream(path + ".pcapng", std::ios::binary),
        capture_writer(is_client ? who.remote : who.local, is_client ? who.local : who.remote),
        peer_is};
    one.printer.keep_time();
    auto& added = among.insert_or_assign(who.id, std::move(one)).first->second;
    write(added.file, fmt::format("# {} to {}\n", who.remote.text(), who.local.text()) +
                          added.printer.begin(frames));
    write(
        added.capture_file,
        added.capture.begin(fmt::format("recorded by framewire proxy, framing {}", frames.spec()),
                            std::chrono::system_clock::now()));
}

void recording::write(std::ofstream& to, const std::string& content) {
    if (content.empty()) return;
    to << content << std::flush;
    if (to || std::exchange(has_failed_, true)) return;
    report_(fmt::format("cannot write to '{}'", folder_));
}

}  // namespace framewire
