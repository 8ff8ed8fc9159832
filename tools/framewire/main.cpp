#include "commands.hpp"
#include "options.hpp"
#include "print.hpp"

#include <algorithm>
#include <csignal>
#include <exception>
#include <map>

namespace {

using namespace framewire;

int fail_usage(const CLI::App& app, const CLI::Error& error) {
    const auto commands = app.get_subcommands();
    const auto name = commands.empty() ? "" : commands.front()->get_name();
    const bool has_hint =
        std::string_view(error.what()).find("\nhint: ") != std::string_view::npos;
    const auto help = name.empty() ? "framewire --help" : "framewire " + name + " --help";
    report(name, {error.what(), has_hint ? "" : help});
    return status_usage;
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
    std::map<std::string, command> commands{
        {"serve", add_serve(app)},         {"connect", add_connect(app)},
        {"send", add_send(app)},           {"trace", add_trace(app)},
        {"protocols", add_protocols(app)}, {"framings", add_framings(app)},
    };
    // Behind `--` everything is a message, whatever it looks like.
    const auto border = std::ranges::find(words, "--");
    std::vector<std::string> before(words.begin(), border);
    std::ranges::reverse(before);  // as CLI11 takes them
    const std::vector<std::string> messages(border == words.end() ? border : border + 1,
                                            words.end());
    try {
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
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        framewire::report("", {error.what()});
        return framewire::status_failed;
    }
}
