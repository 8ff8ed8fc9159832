#include "options.hpp"

#include "print.hpp"

#include <fmt/format.h>
#include <iterator>
#include <memory>
#include <utility>

namespace framewire {
namespace {

constexpr const char* limits_group = "Limits";

class help_formatter final : public CLI::Formatter {
public:
    explicit help_formatter(std::string usage) : usage_(std::move(usage)) {}
    std::string make_usage(const CLI::App* /*app*/, std::string /*name*/) const override {
        return "Usage: framewire " + usage_ + "\n";
    }
    // The limits have a page of their own.
    std::string make_group(std::string group, bool positional,
                           std::vector<const CLI::Option*> options) const override {
        if (group == limits_group) return "";
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
    // The usage line has them already.
    std::string make_positionals(const CLI::App* /*app*/) const override { return ""; }

private:
    std::string usage_;
};

std::string known_protocols() {
    std::string names;
    for (const auto& protocol : protocol_table()) {
        fmt::format_to(std::back_inserter(names), "{}{}", names.empty() ? "" : ", ",
                       protocol.name);
    }
    return names;
}

template <class T, class Parse>
CLI::Option* add_parsed(CLI::App& app, const std::string& name, T& into,
                        const std::string& meaning, const char* type, std::string shown,
                        Parse parse) {
    auto* option = app.add_option_function<std::string>(
        name,
        [&into, name, parse](const std::string& text) {
            const auto value = parse(text);
            if (!value)
                throw CLI::ValidationError(name.substr(name.find("--")), value.error().message);
            into = *value;
        },
        meaning);
    return option->type_name(type)->default_str(std::move(shown));
}

template <class Parse>
auto at_least(std::uint64_t smallest, Parse parse) {
    return [=](const std::string& text) -> result<std::uint64_t> {
        auto value = parse(text);
        if (!value || *value >= smallest) return value;
        return tl::unexpected(failure{fmt::format("must be at least {}", smallest)});
    };
}

}  // namespace

void add_target_options(CLI::App& app, target_options& into, bool takes_messages) {
    app.add_option("words", into.words, takes_messages ? "protocol, address, messages" : "");
    app.add_option("-f,--framing", into.framing, "where frames begin and end (framewire framings)")
        ->type_name("SPEC");
}

result<target> resolve(const target_options& given, bool takes_messages) {
    auto word = given.words.begin();
    const auto end = given.words.end();
    const auto* named = word != end ? find_protocol(*word) : nullptr;
    if (named != nullptr) ++word;
    if (named == nullptr && !given.framing) {
        const bool unknown = word != end && !address::has_form(*word);
        return tl::unexpected(
            failure{unknown ? fmt::format("unknown protocol '{}'", *word) : "which protocol?",
                    fmt::format("{}, or --framing SPEC", known_protocols())});
    }
    const auto& wording = named != nullptr ? *named : unnamed_protocol();
    const auto frames = framing::parse(given.framing ? *given.framing : wording.framing);
    if (!frames) {
        return tl::unexpected(failure{frames.error().message, "framewire framings lists them"});
    }
    const bool has_address = word != end && address::has_form(*word);
    const auto where = address::parse(has_address ? *word++ : std::string(wording.address));
    if (!where && takes_messages) {
        return tl::unexpected(failure{where.error().message,
                                      "a message that looks like an address "
                                      "goes behind --"});
    }
    if (!where) return tl::unexpected(where.error());
    target found{&wording, *frames, *where, {word, end}};
    if (!takes_messages && !found.messages.empty()) {
        return tl::unexpected(failure{
            fmt::format("'{}' is neither a protocol nor an address", found.messages.front()),
            "an address is HOST:PORT, [::1]:PORT, :PORT or unix:/path"});
    }
    found.messages.insert(found.messages.end(), given.messages.begin(), given.messages.end());
    return found;
}

CLI::Option* add_size(CLI::App& app, const std::string& name, std::uint64_t& into,
                      const std::string& meaning, std::uint64_t smallest) {
    return add_parsed(app, name, into, meaning, "SIZE", format_size(into),
                      at_least(smallest, parse_size));
}

CLI::Option* add_number(CLI::App& app, const std::string& name, std::uint64_t& into,
                        const std::string& meaning, std::uint64_t smallest) {
    return add_parsed(app, name, into, meaning, "N", fmt::format("{}", into),
                      at_least(smallest, parse_number));
}

CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& into,
                          const std::string& meaning) {
    return add_parsed(app, name, into, meaning, "TIME", format_duration(into), parse_duration);
}

void add_verbosity(CLI::App& app, int& into) {
    app.add_flag("-v,--verbose", into, "transcripts on standard error; -vv: walkthroughs");
}

void add_limit_options(CLI::App& app, limits& into) {
    const auto page = std::make_shared<std::string>(
        "What one peer may cost, and why the default is what it is:\n");
    const auto add = [&](CLI::Option* option, std::string_view why) {
        *page += fmt::format("  {:<32}{}\n{:34}{}\n",
                             fmt::format("{} {}={}", option->get_name(), option->get_type_name(),
                                         option->get_default_str()),
                             option->get_description(), "", why);
        option->group(limits_group);
    };
    add(add_size(app, "--max-payload", into.assembled_bytes_max, "largest payload held whole", 1),
        "Holds any message a person sends.");
    add(add_duration(app, "--header-deadline", into.header_deadline, "first byte to header's end"),
        "A header is one segment.");
    add(add_duration(app, "--body-deadline", into.body_deadline, "period to keep --body-rate in"),
        "Outlasts a lost link.");
    add(add_size(app, "--body-rate", into.body_rate_min, "least bytes a second of a payload"),
        "Slower than any link worth having.");
    add(add_duration(app, "--idle-deadline", into.idle_deadline, "silence between frames"),
        "0 is off: silence costs nothing.");
    add(add_duration(app, "--write-deadline", into.write_deadline, "no reply taken, then reset"),
        "Nobody reads that slowly.");
    add(add_size(app, "--max-queued", into.queued_bytes_max, "replies queued, then not read from",
                 1),
        "4000 stuck peers cost 1 GiB.");
    add(add_number(app, "--tiny-frames", into.tiny_frames_per_second_max,
                   "payloads of 0 or 1 byte a second"),
        "0 is off. Far above honest use.");
    app.add_flag_callback(
           "--help-limits",
           [page] {
               print(*page);
               throw CLI::Success();
           },
           "the limits that hold for every peer")
        ->trigger_on_parse();
}

void describe(CLI::App& app, std::string usage, std::string examples) {
    app.formatter(std::make_shared<help_formatter>(std::move(usage)));
    app.footer("Examples:\n" + std::move(examples));
    app.set_help_flag("-h,--help", "this page");
    app.get_formatter()->column_width(26);
}

usage_error::usage_error(const failure& why)
    : CLI::Error("usage", why.message, status_usage), hint(why.hint) {}

}  // namespace framewire
