#include "own_case.hpp"

#include "cli/file.hpp"
#include "framewire/core/units.hpp"
#include "framewire/transcript/player.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

constexpr std::uint64_t file_bytes_max = 64 * MiB;
constexpr std::string_view ending = ".transcript";

std::string name_of_file(std::string_view path) {
    path.remove_suffix(ending.size());
    return std::string(path.substr(path.find_last_of('/') + 1));
}

// A player speaks of its session: here it is a server.
std::string about_server(std::string words) {
    constexpr std::string_view session = "but the session";
    if (const auto at = words.find(session); at != std::string::npos) {
        words.replace(at, session.size(), "but the server");
    }
    return words;
}

}  // namespace

bool is_own_case(std::string_view word) noexcept { return word.ends_with(ending); }

result<std::unique_ptr<own_case>> own_case::read(const std::string& path, std::uint32_t number) {
    const auto text = read_file(path, file_bytes_max);
    if (!text) return tl::unexpected(text.error());
    auto parsed = transcript::parse(*text);
    if (!parsed) {
        return tl::unexpected(failure{path + ": " + parsed.error().words, parsed.error().hint});
    }
    return std::unique_ptr<own_case>(new own_case(path, *std::move(parsed), number));
}

own_case::own_case(const std::string& path, transcript conversation, std::uint32_t number)
    : path_(path),
      name_(name_of_file(path)),
      rule_("The server sends what the transcript says."),
      conversation_(std::move(conversation)),
      row_{.number = number,
           .name = name_,
           .level = check_level::must,
           .rule = {},
           .source = path_,
           .advice =
               "Compare what the server sends with the lines of the transcript that begin "
               "with >.",
           .make = nullptr} {
    const auto comment = std::ranges::find(conversation_.lines, transcript_line::kind::comment,
                                           &transcript_line::what);
    if (comment != conversation_.lines.end()) rule_ = comment->text;
    row_.rule = rule_;
}

check_outcome own_case::run(const check_plan& plan) const {
    check_outcome outcome{.row = &row_, .scripts = 1};
    const auto began = std::chrono::steady_clock::now();
    player script(conversation_, {.compares_events = false, .compares_output = true});
    const auto played = live_peer::connect(plan.where, conversation_.framing, plan.connection)
                            .and_then([&](live_peer peer) { return play(script, peer); });
    outcome.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    if (played) return outcome;
    outcome.what = verdict::fail;
    outcome.finding = check_finding{.seen = about_server(played.error().message()),
                                    .advice = std::string(row_.advice)};
    return outcome;
}

}  // namespace framewire
