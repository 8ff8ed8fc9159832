#include "serve_options.hpp"

#include "log_options.hpp"

#include <fmt/format.h>

namespace framewire {
namespace {

constexpr unsigned threads_max = 1024;

constexpr const char* notes =
    "echo returns each message. discard returns nothing. reply:TEXT returns TEXT; "
    "reply:TEXT,close also closes the connection. acknowledge[:TEXT] returns TEXT once a message "
    "is complete. echo,until=TEXT and acknowledge,until=TEXT close after that message.\n\n"
    "relay sends each message to all other clients; overflow=close, drop_oldest or drop_newest "
    "says what happens to a client that does not keep up.\n\n"
    "store:FILE stores each message in a file of SQLite and acknowledges it when it is on the "
    "disk; ,ack=TEXT and ,nack=TEXT with {offset}, {id} and {error} are what it replies, ,id=N or "
    ",id=/REGEX/ a part by which a repeated message is known, ,keep=COUNT, SIZE or TIME what is "
    "kept. Read it with framewire store FILE. store:nats://HOST/STREAM forwards it to NATS "
    "JetStream, too; ,file=FILE holds it until then, and ,wait=replicated acknowledges it then. "
    "relay:nats://HOST/SUBJECT relays between all servers that share SUBJECT.\n\n"
    "exec:COMMAND runs COMMAND for each message: the message is its input, and its output is the "
    "reply. pipe:COMMAND[,framing=SPEC] runs COMMAND for each connection, with messages framed as "
    "SPEC (default line) on its input and output.\n\n"
    "The default address is that of the protocol, or :7000 with a framing. An address is "
    "HOST:PORT, [::1]:PORT, :PORT (this machine only), *:PORT (every interface) or "
    "unix:/path[,mode=660][,owner=NAME][,group=NAME] or unix:@name (abstract). Port 0 picks a "
    "free port.\n\n"
    "SIGTERM and SIGINT let connections finish; a second one ends at once. SIGHUP reads --config "
    "and certificates again. SIGUSR2 starts the program again, to serve new connections in the "
    "place of this process. SIGUSR1 logs the counters.";

void add_capacity_options(command_page& page, serve_options& options) {
    auto& settings = options.settings;
    page.group("Capacity");
    page.number("-t,--threads", options.threads, "run N event loops", 1);
    add_connection_options(page, settings);
    page.size("--max-memory", settings.memory_max,
              "hold at most SIZE for all peers; 0: 3/4 of the memory (default)")
        .shown_default("")
        .seldom();
    add_rate_options(page, settings);
    page.flag("--accept-loss", options.accepts_loss,
              "use a file of store:FILE that has lost messages since it was written")
        .seldom();
    page.number("--exec-max", options.exec_max, "run at most N commands of exec: at once", 1)
        .seldom();
    page.duration("--drain", settings.drain, "let connections finish for TIME after SIGTERM")
        .seldom()
        .reloadable();
    page.duration("--hand-over", options.hand_over,
                  "let connections continue for TIME after SIGUSR2, then let them finish")
        .seldom();
}

void add_privilege_options(command_page& page, identity_options& into) {
    page.group("Privileges");
    page.text("--user", into.user, "NAME",
              "run as user NAME, with its groups, once everything is open")
        .seldom();
    page.text("--group", into.group, "NAME",
              "run as group NAME, and no other, once everything is open")
        .seldom();
    page.text("--chroot", into.root, "PATH",
              "keep inside the folder PATH, as its root, once everything is open")
        .seldom();
}

}  // namespace

target target_of(serve_options& options) {
    options.reporting.check();
    options.target.takes_addresses = true;
    const auto found = resolve(options.target, false);
    if (!found) throw usage_error(found.error());
    if (!found->messages.empty()) throw usage_error({"a server takes no messages"});
    if (options.threads > threads_max) {
        throw usage_error({fmt::format("--threads: at most {}", threads_max)});
    }
    options.access.apply(options.settings);
    options.settings.tls = server_tls(options.tls);
    options.settings.threads = static_cast<unsigned>(options.threads);
    return *found;
}

void add_options(command_page& page, const std::shared_ptr<serve_options>& options) {
    auto& settings = options->settings;
    add_target_options(page, options->target, false);
    page.text("-s,--service", options->service, "SERVICE",
              "answer with SERVICE: echo (default), discard, reply:TEXT, acknowledge, relay, "
              "store:FILE, exec:COMMAND or pipe:COMMAND");
    page.text("-c,--config", options->config, "PATH",
              "read more options from PATH, and again at each SIGHUP")
        .of_command_line();
    page.flag("--check-config", options->checks_config,
              "check the options and the file, and do not serve")
        .seldom()
        .of_command_line();
    page.group("Output");
    page.flag("-q,--quiet", options->reporting.quiet, "print only errors");
    add_event_options(page, options->reporting.events);
    add_verbosity(page, options->reporting.verbosity);
    add_log_options(page, options->reporting.log);
    page.value("--metrics", "ADDRESS",
               "serve metrics for Prometheus, /healthz and /readyz over HTTP on ADDRESS",
               [options](const std::string& text) -> result<void> {
                   auto where = address::parse(text);
                   if (!where) return tl::unexpected(where.error());
                   options->metrics = *std::move(where);
                   return {};
               })
        .seldom();
    add_capacity_options(page, *options);
    add_privilege_options(page, options->identity);
    add_access_options(page, options->access);
    add_tls_options(page, options->tls, tls_end::server);
    add_handshake_options(page, options->tls);
    add_limit_options(page, settings.limits);
    page.notes(notes);
    page.describe("serve [PROTOCOL|FRAMING] [ADDRESS] [OPTIONS]",
                  "  framewire serve walkthrough\n"
                  "  framewire serve mllp :2575\n"
                  "  framewire serve line :7000 --service 'exec:tr a-z A-Z'\n"
                  "  framewire serve u32be '*:7000' --threads 4 --quiet\n"
                  ":PORT: this machine; *:PORT: every interface. TLS: --tls-cert, --tls-key.");
}

}  // namespace framewire
