#include "options.hpp"

#include <fmt/format.h>
#include <memory>
#include <utility>

namespace framewire {
namespace {

std::string known_protocols() {
    std::string names;
    for (const auto& protocol : protocol_table()) {
        names += names.empty() ? "" : ", ";
        names += protocol.name;
    }
    return names;
}

}  // namespace

void add_target_options(command_page& page, target_options& into, bool takes_messages) {
    page.words(into.words, takes_messages ? "protocol, address, messages" : "");
    page.text("-f,--framing", into.framing, "SPEC",
              "where frames begin and end (framewire framings)");
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
        return tl::unexpected(failure{frames.error().message(), "framewire framings lists them"});
    }
    const bool has_address = word != end && address::has_form(*word);
    const auto where = address::parse(has_address ? *word++ : std::string(wording.address));
    if (!where && takes_messages) {
        return tl::unexpected(failure{where.error().message(),
                                      "a message that looks like an address "
                                      "goes after --"});
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

void add_verbosity(command_page& page, int& into) {
    page.count("-v,--verbose", into, "transcripts on standard error; -vv: walkthroughs");
}

void add_limit_options(command_page& page, limits& into) {
    const auto text = std::make_shared<std::string>(
        "What one peer may cost, and why the default is what it is:\n");
    const auto add = [&](option limit, std::string_view why) {
        *text += fmt::format("  {:<32}{}\n{:34}{}\n", limit.heading(), limit.meaning(), "", why);
        limit.hidden();
    };
    add(page.size("--max-payload", into.assembled_bytes_max, "largest payload held whole", 1),
        "Holds any message a person sends.");
    add(page.duration("--header-deadline", into.header_deadline, "first byte to header's end"),
        "A header is one segment.");
    add(page.duration("--body-deadline", into.body_deadline, "period to keep --body-rate in"),
        "Outlasts a lost link.");
    add(page.size("--body-rate", into.body_rate_min, "least bytes a second of a payload"),
        "Slower than any link worth having.");
    add(page.duration("--idle-deadline", into.idle_deadline, "silence between frames"),
        "0 is off: silence costs nothing.");
    add(page.duration("--write-deadline", into.write_deadline, "period to keep --write-rate in"),
        "Outlasts a lost link.");
    add(page.size("--write-rate", into.write_rate_min, "least bytes a second taken of replies"),
        "As slow as --body-rate.");
    add(page.size("--max-queued", into.queued_bytes_max, "replies queued, then not read from", 1),
        "4000 stuck peers cost 1 GiB.");
    add(page.size("--max-pushed", into.pushed_bytes_max, "messages pushed that wait", 1),
        "As much as replies may.");
    add(page.number("--max-deferred", into.deferred_max, "replies owed, then not read from", 1),
        "Keeps a pool of threads busy.");
    add(page.duration("--service-deadline", into.service_deadline, "request to deferred reply"),
        "Nobody waits for longer.");
    add(page.number("--tiny-frames", into.tiny_frames_per_second_max,
                    "payloads of 0 or 1 byte a second"),
        "0 is off. Far above honest use.");
    page.prints(
        "--help-limits", [text] { return *text; }, "the limits that hold for every peer");
}

}  // namespace framewire
