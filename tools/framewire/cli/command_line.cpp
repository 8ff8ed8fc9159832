#include "command_line.hpp"

#include "command_words.hpp"
#include "documents.hpp"
#include "first_word.hpp"
#include "help_text.hpp"
#include "print.hpp"
#include "terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <memory>

namespace framewire {
namespace {

/// A command, ready to read its words. Neither copied nor moved, as its options point into it.
class open_command {
public:
    explicit open_command(const command_row& row) : spec_{.name = row.name, .what = row.what} {
        run_ = row.add(page_);
        page_.group("Options");
        const auto shows = [this](help_extent extent) {
            return
                [this, extent] { return help_text(spec_, extent, terminal_obeys(STDOUT_FILENO)); };
        };
        page_.prints(
            "-h,--help", shows(help_extent::usual),
            has_more() ? "show this page; --help-all shows every option" : "show this page");
        page_.prints("--help-all", shows(help_extent::all), "show every option").seldom();
    }
    open_command(const open_command&) = delete;
    open_command& operator=(const open_command&) = delete;
    ~open_command() = default;

    // After `--` every word is a message.
    int run(std::span<const std::string> words) {
        const auto border = std::ranges::find(words, "--");
        const auto before = static_cast<std::size_t>(border - words.begin());
        const auto read = read_words(spec_, words.subspan(0, before));
        if (!read) throw usage_error(read.error());
        if (read->prints) {
            print(read->prints());
            return status_done;
        }
        return run_({border == words.end() ? border : border + 1, words.end()});
    }

    [[nodiscard]] const page_spec& page() const noexcept { return spec_; }

private:
    bool has_more() const {
        return !spec_.notes.empty() || std::ranges::any_of(spec_.options, &option_spec::is_seldom);
    }

    page_spec spec_;
    command_page page_{spec_};
    command run_;
};

/// The page of `framewire` itself.
page_spec spec_of(const main_page& page, std::span<const command_row> commands) {
    page_spec spec{.what = page.what, .usage = "COMMAND ...", .examples = page.examples};
    for (const auto& row : commands) spec.commands.emplace_back(row.name, row.what);
    command_page options(spec);
    options.prints("-h,--help", {}, "show this page; for a command: framewire help COMMAND");
    options.prints("--version", {}, "print the version");
    return spec;
}

int show_main_page(const main_page& page, std::span<const command_row> commands) {
    print(help_text(spec_of(page, commands), help_extent::usual, terminal_obeys(STDOUT_FILENO)));
    return status_done;
}

// The build calls this.
int write_all_documents(const main_page& page, std::span<const command_row> commands,
                        const std::string& folder) {
    std::vector<std::unique_ptr<open_command>> all;
    std::vector<const page_spec*> pages;
    for (const auto& row : commands) {
        pages.push_back(&all.emplace_back(std::make_unique<open_command>(row))->page());
    }
    const auto written = write_documents(folder, spec_of(page, commands), pages, page.version);
    if (!written) report("", written.error());
    return written ? status_done : status_failed;
}

int fail_usage(const std::string& name, const usage_error& error) {
    const auto help = name.empty() ? "framewire --help" : "framewire " + name + " --help";
    report(name, {error.what(), error.hint.empty() ? help : error.hint, error.place});
    return status_usage;
}

int run_named(const command_row& row, std::span<const std::string> words) {
    try {
        return open_command(row).run(words);
    } catch (const usage_error& error) {
        return fail_usage(row.name, error);
    } catch (const print_failure& failed) {
        if (!failed.reader_left) report(row.name, {failed.what()});
        return status_failed;
    }
}

int run_first(const main_page& page, std::span<const command_row> commands,
              std::span<const std::string> words) {
    if (words.empty()) throw usage_error({"which command?"});
    const auto& word = words.front();
    const auto row = std::ranges::find(commands, word, &command_row::name);
    if (row != commands.end()) return run_named(*row, words.subspan(1));
    if (word == "--version" || word == "version") {
        print(page.version + "\n");
        return status_done;
    }
    if (word == "--write-documents" && words.size() == 2) {
        return write_all_documents(page, commands, words[1]);
    }
    const bool asks = word == "help" || word == "--help" || word == "-h";
    if (!asks) throw usage_error(unknown_first_word(words, commands));
    if (words.size() == 1 || word != "help") return show_main_page(page, commands);
    const std::vector<std::string> help{words[1], "--help"};
    return run_first(page, commands, help);
}

}  // namespace

int run_command(const main_page& page, std::span<const command_row> commands,
                const std::vector<std::string>& words) {
    try {
        return run_first(page, commands, words);
    } catch (const usage_error& error) {
        return fail_usage("", error);
    } catch (const print_failure& failed) {
        if (!failed.reader_left) report("", {failed.what()});
        return status_failed;
    }
}

}  // namespace framewire
