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
            if (!value) throw CLI::ValidationError(name, value.error().message);
            into = *value;
        },
        meaning);
    return option->type_name(type)->default_str(std::move(shown));
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
    return add_parsed(
        app, name, into, meaning, "SIZE", format_size(into),
        [smallest](const std::string& text) -> result<std::uint64_t> {
            auto size = parse_size(text);
            if (!size || *size >= smallest) return size;
            return tl::unexpected(failure{fmt::format("must be at least {}", smallest)});
        });
}

CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& into,
                          const std::string& meaning) {
    return add_parsed(app, name, into, meaning, "TIME", format_duration(into), parse_duration);
}

void add_limit_options(CLI::App& app, limits& into) {
    const std::vector<CLI::Option*> all{
        add_size(app, "--max-payload", into.assembled_bytes_max,
                 "largest payload put together in memory; holds any message a person would send",
                 1),
        add_duration(app, "--header-deadline", into.header_deadline,
                     "from a frame's first byte to its header's end; a header is one segment"),
        add_duration(app, "--body-deadline", into.body_deadline,
                     "period in which a payload must keep --body-rate; outlasts a lost link"),
        add_size(app, "--body-rate", into.body_rate_min,
                 "bytes a second; slower than any link, faster than who wants to occupy us"),
        add_duration(app, "--idle-deadline", into.idle_deadline,
                     "silence between frames; 0 is off: a silent peer costs no buffer"),
        add_duration(app, "--write-deadline", into.write_deadline,
                     "without the peer taking a byte of its replies; then it is reset"),
        add_size(app, "--max-queued", into.queued_bytes_max,
                 "replies waiting for a peer before it is no longer read from", 1),
        add_size(app, "--tiny-frames", into.tiny_frames_per_second_max,
                 "payloads of at most one byte a second; 0 is off; far above honest use"),
    };
    for (auto* option : all) option->group("");
    app.add_flag_callback(
           "--help-limits",
           [all] {
               std::string page = "What one peer may cost, and why the default is what it is:\n";
               for (const auto* option : all) {
                   page += fmt::format("  {:<24}[{}]\n      {}\n",
                                       option->get_name() + " " + option->get_type_name(),
                                       option->get_default_str(), option->get_description());
               }
               print(page);
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

CLI::Error usage_error(const failure& why) {
    const auto hint = why.hint.empty() ? "" : "\nhint: " + why.hint;
    return {"usage", why.message + hint, status_usage};
}

}  // namespace framewire
