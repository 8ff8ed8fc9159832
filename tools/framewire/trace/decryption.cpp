#include "decryption.hpp"

#include "framewire/core/escapes.hpp"
#include "framewire/core/units.hpp"
#include "io/descriptor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>
#include <vector>

namespace framewire {
namespace {

// Two digits for each byte of the largest capture.
constexpr std::size_t output_bytes_max = 512 * MiB;

// What a program writes; both are files without a name.
struct program_output {
    owned_descriptor results{::memfd_create("results", MFD_CLOEXEC)};
    owned_descriptor errors{::memfd_create("errors", MFD_CLOEXEC)};
};

std::string content_of(const owned_descriptor& file) {
    std::string all;
    const auto size = ::lseek(file.get(), 0, SEEK_END);
    if (size <= 0 || static_cast<std::size_t>(size) > output_bytes_max) return all;
    all.resize(static_cast<std::size_t>(size));
    std::size_t filled = 0;
    while (filled < all.size()) {
        const auto some = ::pread(file.get(), all.data() + filled, all.size() - filled,
                                  static_cast<off_t>(filled));
        if (some <= 0) break;
        filled += static_cast<std::size_t>(some);
    }
    all.resize(filled);
    return all;
}

// tshark says first that it should not be run by root, and last what is wrong.
std::string last_line(std::string_view text) {
    while (text.ends_with('\n')) text.remove_suffix(1);
    return std::string(text.substr(text.rfind('\n') + 1));
}

result<std::string> run(std::vector<std::string> words) {
    const program_output output;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, output.results.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output.errors.get(), STDERR_FILENO);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t child = -1;
    const int error = ::posix_spawnp(&child, words.front().c_str(), &actions, nullptr,
                                     arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        return tl::unexpected(
            failure{fmt::format("cannot run {}: {}", words.front(), system_words(error)),
                    error == ENOENT ? "--keylog needs Wireshark's tshark" : ""});
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (status == 0) return content_of(output.results);
    return tl::unexpected(
        failure{fmt::format("{}: {}", words.front(), last_line(content_of(output.errors)))});
}

std::string_view port_of(std::string_view end) { return end.substr(end.rfind(':') + 1); }

// A heading, with the two ends, then a line of hexadecimal digits for each piece; those of the
// second end begin with a tab.
result<std::vector<kept_piece>> read_pieces(std::string_view text, std::string_view client) {
    std::vector<kept_piece> pieces;
    bool is_client_first = true;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.starts_with("Node 0: ")) is_client_first = port_of(line) == port_of(client);
        const bool is_second = line.starts_with('\t');
        if (is_second) line.remove_prefix(1);
        const bool is_heading =
            line.find_first_not_of("0123456789abcdef") != std::string_view::npos;
        if (line.empty() || is_heading) continue;
        auto bytes = parse_hex(line);
        if (!bytes) return tl::unexpected(bytes.error());
        const bool is_client = is_second != is_client_first;
        pieces.push_back({.from = is_client ? stream_side::client : stream_side::server,
                          .data = *std::move(bytes)});
    }
    return pieces;
}

}  // namespace

result<void> decrypt(const captured_stream& stream, std::vector<kept_piece>& pieces,
                     const std::string& file, const std::string& keylog) {
    if (::access(keylog.c_str(), R_OK) != 0) {
        return tl::unexpected(
            failure{fmt::format("cannot read '{}': {}", keylog, system_words(errno))});
    }
    const auto text = run({"tshark", "-r", file, "-q", "-n", "-o", "tls.keylog_file:" + keylog,
                           "-d", fmt::format("tcp.port=={},tls", port_of(stream.server.address)),
                           "-z", fmt::format("follow,tls,raw,{}", stream.number)});
    if (!text) return tl::unexpected(text.error());
    auto found = read_pieces(*text, stream.client.address);
    if (!found) return tl::unexpected(found.error());
    if (found->empty()) {
        return tl::unexpected(
            failure{fmt::format("'{}' has no secret for this stream", keylog),
                    "the client writes it if SSLKEYLOGFILE is set, or serve with --tls-keylog"});
    }
    for (auto& one : pieces) {
        if (one.what != captured_piece::kind::data) found->push_back(std::move(one));
    }
    pieces = *std::move(found);
    return {};
}

}  // namespace framewire
