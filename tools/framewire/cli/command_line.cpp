#include "command_line.hpp"

#include "framewire/core/units.hpp"
#include "print.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <sstream>
#include <utility>

namespace framewire {
namespace {

constexpr const char* hidden_group = "Hidden";

class help_formatter final : public CLI::Formatter {
public:
    explicit help_formatter(std::string usage) : usage_(std::move(usage)) {}
    std::string make_usage(const CLI::App* /*app*/, std::string /*name*/) const override {
        return "Usage: framewire " + usage_ + "\n";
    }
    std::string make_group(std::string group, bool positional,
                           std::vector<const CLI::Option*> options) const override {
        if (group == hidden_group) return "";
        return CLI::Formatter::make_group(std::move(group), positional, std::move(options));
    }
    std::string make_help(const CLI::App* app, std::string name,
                          CLI::AppFormatMode mode) const override {
        auto page = CLI::Formatter::make_help(app, std::move(name), mode);
        for (auto gap = page.find("\n\n\n"); gap != std::string::npos; gap = page.find("\n\n\n")) {
            page.erase(gap, 1);
        }
        return page;
    }
    // The usage line already has them.
    std::string make_positionals(const CLI::App* /*app*/) const override { return ""; }

private:
    std::string usage_;
};

// Error messages name `-d,--duration` as `--duration`.
std::string long_name(const std::string& names) { return names.substr(names.find("--")); }

template <class T, class Parse>
command_page::reader into_number(T& into, std::uint64_t smallest, Parse parse) {
    return [&into, smallest, parse](const std::string& text) -> result<void> {
        const auto value = parse(text);
        if (!value) return tl::unexpected(value.error());
        if (*value < T(smallest)) {
            return tl::unexpected(failure{fmt::format("must be at least {}", smallest)});
        }
        into = *value;
        return {};
    };
}

std::string name_of(const CLI::App& app) {
    const auto commands = app.get_subcommands();
    return commands.empty() ? "" : commands.front()->get_name();
}

int fail_usage(const CLI::App& app, const std::string& message, const std::string& hint) {
    const auto name = name_of(app);
    const auto help = name.empty() ? "framewire --help" : "framewire " + name + " --help";
    report(name, {message, hint.empty() ? help : hint});
    return status_usage;
}

// CLI11 would report a missing subcommand, whatever the first word is.
void check_first_word(const std::vector<std::string>& words,
                      const std::map<std::string, command>& commands) {
    constexpr std::array<std::string_view, 3> options{"-h", "--help", "--version"};
    if (words.empty()) throw usage_error({"which command?"});
    const auto& word = words.front();
    if (commands.contains(word) || std::ranges::find(options, word) != options.end()) return;
    const auto* kind = word.starts_with('-') ? "option" : "command";
    throw usage_error({fmt::format("unknown {} '{}'", kind, word)});
}

}  // namespace

option& option::shown_default(const std::string& text) {
    self_->default_str(text);
    return *this;
}

option& option::excludes(const option& other) {
    self_->excludes(other.self_);
    return *this;
}

option& option::hidden() {
    self_->group(hidden_group);
    return *this;
}

bool option::given() const { return self_->count() > 0; }

std::string option::heading() const {
    return fmt::format("{} {}={}", self_->get_name(), self_->get_type_name(),
                       self_->get_default_str());
}

std::string option::meaning() const { return self_->get_description(); }

option command_page::text(const std::string& names, std::string& into, const char* type,
                          const std::string& meaning) {
    return option(app_.add_option(names, into, meaning)->type_name(type));
}

option command_page::text(const std::string& names, std::optional<std::string>& into,
                          const char* type, const std::string& meaning) {
    return option(app_.add_option(names, into, meaning)->type_name(type));
}

option command_page::texts(const std::string& names, std::vector<std::string>& into,
                           const char* type, const std::string& meaning) {
    return option(app_.add_option(names, into, meaning)->type_name(type)->allow_extra_args(false));
}

option command_page::flag(const std::string& names, bool& into, const std::string& meaning) {
    return option(app_.add_flag(names, into, meaning));
}

option command_page::count(const std::string& names, int& into, const std::string& meaning) {
    return option(app_.add_flag(names, into, meaning));
}

option command_page::number(const std::string& names, std::uint64_t& into,
                            const std::string& meaning, std::uint64_t smallest) {
    return value(names, "N", meaning, into_number(into, smallest, parse_number))
        .shown_default(fmt::format("{}", into));
}

option command_page::size(const std::string& names, std::uint64_t& into,
                          const std::string& meaning, std::uint64_t smallest) {
    return value(names, "SIZE", meaning, into_number(into, smallest, parse_size))
        .shown_default(format_size(into));
}

option command_page::sizes(const std::string& names, std::vector<std::uint64_t>& into,
                           const std::string& meaning) {
    auto* added = app_.add_option_function<std::vector<std::string>>(
        names,
        [&into, name = long_name(names)](const std::vector<std::string>& texts) {
            into.clear();
            for (const auto& text : texts) {
                const auto size = parse_size(text);
                if (!size) throw CLI::ValidationError(name, size.error().message());
                into.push_back(*size);
            }
        },
        meaning);
    return option(added->delimiter(',')->allow_extra_args(false)->type_name("LIST"));
}

option command_page::duration(const std::string& names, std::chrono::milliseconds& into,
                              const std::string& meaning) {
    return value(names, "TIME", meaning, into_number(into, 0, parse_duration))
        .shown_default(format_duration(into));
}

option command_page::value(const std::string& names, const char* type, const std::string& meaning,
                           reader read) {
    auto* added = app_.add_option_function<std::string>(
        names,
        [name = long_name(names), read = std::move(read)](const std::string& text) {
            if (const auto done = read(text); !done) {
                throw CLI::ValidationError(name, done.error().message());
            }
        },
        meaning);
    return option(added->type_name(type));
}

option command_page::optional_value(const std::string& names, const char* type,
                                    const std::string& meaning, reader read) {
    auto* added = app_.add_option_function<std::vector<std::string>>(
        names,
        [name = long_name(names), read = std::move(read)](const std::vector<std::string>& texts) {
            if (const auto done = read(texts.empty() ? "" : texts.front()); !done) {
                throw CLI::ValidationError(name, done.error().message());
            }
        },
        meaning);
    return option(added->expected(0, 1)->type_name(type));
}

option command_page::prints(const std::string& names, std::function<std::string()> text,
                            const std::string& meaning) {
    auto* added = app_.add_flag_callback(
        names,
        [text = std::move(text)] {
            print(text());
            throw CLI::Success();
        },
        meaning);
    return option(added->trigger_on_parse());
}

void command_page::words(std::vector<std::string>& into, const std::string& meaning) {
    app_.add_option("words", into, meaning);
}

void command_page::describe(const std::string& usage, const std::string& examples) {
    app_.formatter(std::make_shared<help_formatter>(usage));
    app_.footer("Examples:\n" + examples);
    app_.set_help_flag("-h,--help", "this page");
    app_.get_formatter()->column_width(26);
}

std::size_t command_page::given() const {
    const auto all = std::as_const(app_).get_options();
    return static_cast<std::size_t>(
        std::ranges::count_if(all, [](const auto* one) { return one->count() != 0; }));
}

namespace {

// After `--` every word is a message.
int parse_and_run(CLI::App& app, const std::map<std::string, command>& by_name,
                  const std::vector<std::string>& words) {
    const auto border = std::ranges::find(words, "--");
    std::vector<std::string> before(words.begin(), border);
    std::ranges::reverse(before);  // the order that CLI11 expects
    const std::vector<std::string> messages(border == words.end() ? border : border + 1,
                                            words.end());
    try {
        check_first_word(words, by_name);
        app.parse(before);
        return by_name.at(app.get_subcommands().front()->get_name())(messages);
    } catch (const CLI::Success& shown) {
        std::ostringstream page;
        const int status = app.exit(shown, page, page);
        print(page.str());
        return status;
    } catch (const CLI::Error& error) {
        return fail_usage(app, error.what(), "");
    } catch (const usage_error& error) {
        return fail_usage(app, error.what(), error.hint);
    }
}

}  // namespace

int run_command(const main_page& page, std::span<const command_row> commands,
                const std::vector<std::string>& words) {
    CLI::App app(page.what);
    command_page(app).describe("COMMAND ...", page.examples);
    app.require_subcommand(1);
    app.set_version_flag("--version", page.version, "print the version");
    std::vector<command_page> pages;
    pages.reserve(commands.size());  // commands keep references to their pages
    std::map<std::string, command> by_name;
    for (const auto& row : commands) {
        pages.emplace_back(*app.add_subcommand(row.name, row.what));
        by_name.emplace(row.name, row.add(pages.back()));
    }
    try {
        return parse_and_run(app, by_name, words);
    } catch (const print_failure& failed) {
        if (!failed.reader_left) report(name_of(app), {failed.what()});
        return status_failed;
    }
}

}  // namespace framewire
