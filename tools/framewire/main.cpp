#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/print.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <csignal>
#include <exception>
#include <map>

namespace {

using namespace framewire;

int fail_usage(const CLI::App& app, const CLI::Error& error) {
    const auto commands = app.get_subcommands();
    const auto name = commands.empty() ? "" : commands.front()->get_name();
    const auto help = name.empty() ? "framewire --help" : "framewire " + name + " --help";
    const auto* ours = dynamic_cast<const usage_error*>(&error);
    report(name, {error.what(), ours != nullptr && !ours->hint.empty() ? ours->hint : help});
    return status_usage;
}

using command_table = std::map<std::string, command>;

// CLI11 would say that a subcommand is required, whatever stands in its place.
void check_first_word(const std::vector<std::string>& words, const command_table& commands) {
    constexpr std::array<std::string_view, 3> options{"-h", "--help", "--version"};
    if (words.empty()) throw usage_error({"which command?"});
    const auto& word = words.front();
    if (commands.contains(word) || std::ranges::find(options, word) != options.end()) return;
    const auto* kind = word.starts_with('-') ? "option" : "command";
    throw usage_error({fmt::format("unknown {} '{}'", kind, word)});
}

// Whatever is opened next must not take the place of a standard stream that is closed, or a client
// would read what is printed.
void open_standard_streams() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) < 0) (void)::open("/dev/null", O_RDWR);
    }
}

int run(const std::vector<std::string>& words) {
    CLI::App app("Length-prefixed messaging over TCP: serve, speak and see framed protocols.");
    describe(app, "COMMAND ...",
             "  framewire serve walkthrough          an echo server with ten-digit headers\n"
             "  framewire connect walkthrough        talk to it\n"
             "  framewire send echo Hello            one message from a script\n"
             "'framewire COMMAND --help' says more.");
    app.require_subcommand(1);
    app.set_version_flag("--version", "framewire " FRAMEWIRE_VERSION, "print the version");
    const command_table commands{
        {"serve", add_serve(app)},       {"connect", add_connect(app)},
        {"send", add_send(app)},         {"trace", add_trace(app)},
        {"bench", add_bench(app)},       {"protocols", add_protocols(app)},
        {"framings", add_framings(app)},
    };
    // Behind `--` everything is a message, whatever it looks like.
    const auto border = std::ranges::find(words, "--");
    std::vector<std::string> before(words.begin(), border);
    std::ranges::reverse(before);  // as CLI11 takes them
    const std::vector<std::string> messages(border == words.end() ? border : border + 1,
                                            words.end());
    try {
        check_first_word(words, commands);
        app.parse(before);
        return commands.at(app.get_subcommands().front()->get_name())(messages);
    } catch (const CLI::Success& page) {
        return app.exit(page);
    } catch (const CLI::Error& error) {
        return fail_usage(app, error);
    }
}

}  // namespace

// The last place where exceptions end.
int main(int argc, char** argv) {
    // A peer or a reader of our output that goes away is an error where it is written to, not our
    // end.
    (void)std::signal(SIGPIPE, SIG_IGN);
    open_standard_streams();
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        framewire::report("", {error.what()});
        return framewire::status_failed;
    }
}
