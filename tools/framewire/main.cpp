#include "bench/bench.hpp"
#include "certificate/certificate.hpp"
#include "check/check.hpp"
#include "cli/command_line.hpp"
#include "cli/print.hpp"
#include "connect/connect.hpp"
#include "listing/listing.hpp"
#include "proxy/proxy.hpp"
#include "replay/replay.hpp"
#include "send/send.hpp"
#include "serve/serve.hpp"
#include "stores/stores.hpp"
#include "trace/trace.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <array>
#include <csignal>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace framewire;

// No later descriptor may take the number of a closed standard stream, or printed text would go to
// a client. Results that nobody can get are a failure, so that standard output cannot be written.
void open_standard_streams() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) >= 0) continue;
        (void)::open("/dev/null", descriptor == STDOUT_FILENO ? O_RDONLY : O_RDWR);
    }
}

constexpr std::array<command_row, 13> commands{{
    {"serve", "answer many clients", add_serve},
    {"connect", "talk to a server by hand", add_connect},
    {"send", "send messages, or lines of stdin, and print the replies", add_send},
    {"receive", "print what a peer sends, and send nothing", add_receive},
    {"proxy", "stand between clients and a server, and see or change messages", add_proxy},
    {"trace", "show how messages become bytes, and bytes become messages", add_trace},
    {"replay", "play a recording against a server or a client, and compare", add_replay},
    {"bench", "measure a server's throughput and latency", add_bench},
    {"check", "find out whether a server keeps the rules of its framing", add_check},
    {"store", "show what a server with the service store:FILE has stored", add_store},
    {"certificate", "write a certificate for trying out TLS", add_certificate},
    {"protocols", "list the protocols known by name", add_protocols},
    {"framings", "list the framings and their options", add_framings},
}};

int run(const std::vector<std::string>& words) {
    const main_page page{
        .what = "serve, speak, see and measure length-prefixed protocols over TCP",
        .examples =
            "  framewire serve digits:10 :7000          echo messages after ten digits\n"
            "  framewire send digits:10 :7000 Hello     send one to that server",
        .version = "framewire " FRAMEWIRE_VERSION};
    return run_command(page, commands, words);
}

// Allocates nothing.
void report_no_memory() noexcept {
    constexpr std::string_view words = "framewire: out of memory\n";
    (void)!::write(STDERR_FILENO, words.data(), words.size());
}

// What libraries construct before `main` can only fail for memory, and nobody catches that.
[[gnu::constructor(101)]] void guard_start() {
    std::set_terminate([] {
        report_no_memory();
        ::_exit(framewire::status_failed);
    });
}

// What cannot be allocated must still be said.
void report_at_end(const std::exception& error) noexcept {
    try {
        if (dynamic_cast<const std::bad_alloc*>(&error) == nullptr) {
            return framewire::report("", {error.what()});
        }
    } catch (const std::exception&) {
    }
    report_no_memory();
}

}  // namespace

// Catches every exception that reaches it.
int main(int argc, char** argv) {
    // Writing to a lost peer or reader, or beyond the largest file allowed, fails instead of
    // killing the process.
    (void)std::signal(SIGPIPE, SIG_IGN);
    (void)std::signal(SIGXFSZ, SIG_IGN);
    std::set_terminate(__gnu_cxx::__verbose_terminate_handler);
    open_standard_streams();
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        report_at_end(error);
        return framewire::status_failed;
    }
}
