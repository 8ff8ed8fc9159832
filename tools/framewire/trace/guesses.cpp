#include "guesses.hpp"

#include "cli/json_members.hpp"
#include "cli/print.hpp"
#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {
namespace {

std::string count_of(std::uint64_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string frames_of(std::string_view end, const side_fit& side) {
    return fmt::format("{} from the {} ({})", count_of(side.frames, "frame"), end,
                       count_of(side.payload_bytes, "byte"));
}

template <class Names>
std::string some_of(const Names& names) {
    constexpr std::size_t columns_max = 60;
    std::string out;
    for (const auto& name : names) {
        if (out.size() + name.size() > columns_max) return out + ", ...";
        out += out.empty() ? "" : ", ";
        out += name;
    }
    return out;
}

// The facts of a sentence, as many in a line as have space.
std::string folded(std::string_view facts) {
    constexpr std::size_t columns_max = 76;
    constexpr std::string_view between = "; ";
    std::string out;
    std::string line;
    while (!facts.empty()) {
        const auto end = std::min(facts.find(between), facts.size());
        const auto fact = facts.substr(0, end);
        facts.remove_prefix(std::min(end + between.size(), facts.size()));
        if (!line.empty() && line.size() + between.size() + fact.size() > columns_max) {
            out += fmt::format("    {}\n", line);
            line.clear();
        }
        line += fmt::format("{}{}", line.empty() ? "" : between, fact);
    }
    return line.empty() ? out : out + fmt::format("    {}\n", line);
}

std::string text_of(const framing_fit& fit, bool has_server) {
    auto out = fit.name;
    if (fit.name != fit.spec) out += "   " + fit.spec;
    out += fmt::format("\n    {}", frames_of("client", fit.client));
    if (has_server) out += fmt::format(", {}", frames_of("server", fit.server));
    out += "\n";
    out += folded(fit.reason);
    const auto& presets = fit.presets;
    const bool is_named = !presets.empty() && fit.name == presets.front();
    if (presets.size() > (is_named ? 1U : 0U)) {
        const std::vector others(presets.begin() + (is_named ? 1 : 0), presets.end());
        out += fmt::format("    used by {}\n", some_of(others));
    }
    if (!fit.same_frames.empty()) {
        out += fmt::format("    the same frames: {}\n", some_of(fit.same_frames));
    }
    return out;
}

void add_side(std::string_view end, const side_fit& side, json_members& to) {
    const auto add = [&](std::string_view what, std::uint64_t number) {
        to.add(fmt::format("{}_{}", end, what), number);
    };
    add("frames", side.frames);
    add("payload_bytes", side.payload_bytes);
    add("passed_over", side.passed_over);
    add("incomplete", side.incomplete);
    add("undecoded", side.undecoded);
    if (!side.failure) return;
    to.add(fmt::format("{}_error", end), error_name(side.failure->code));
    add("error_offset", side.failure->offset);
}

std::string json_of(const framing_fit& fit) {
    json_members line;
    line.add("event", "framing");
    line.add("name", fit.name);
    line.add("spec", fit.spec);
    std::string presets;
    for (const auto name : fit.presets) {
        presets += presets.empty() ? "" : " ";
        presets += name;
    }
    line.add("presets", presets);
    line.add_number("bits", fmt::format("{:.1f}", fit.bits));
    add_side("client", fit.client, line);
    add_side("server", fit.server, line);
    line.add("message", fit.reason);
    return line.end();
}

}  // namespace

bool print_guesses(const seen_conversation& seen, guess_form form) {
    const auto all = guess_framings(seen);
    if (form == guess_form::json) {
        std::string out;
        for (const auto& one : all) out += json_of(one);
        print(out);
        return !all.empty();
    }
    constexpr std::size_t shown_max = 8;
    std::string out;
    if (!all.empty()) out = "framings that fit, the likely ones first:\n";
    for (const auto& one : all) {
        if (&one - all.data() == shown_max) {
            out += fmt::format("\n{} less likely\n", all.size() - shown_max);
            break;
        }
        out += "\n" + text_of(one, !seen.server.segments.empty());
    }
    print(out);
    return !all.empty();
}

}  // namespace framewire
