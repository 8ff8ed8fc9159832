#include "first_word.hpp"

#include "core/near_word.hpp"
#include "framewire/codec/framing_table.hpp"
#include "framewire/io/address.hpp"
#include "protocols.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <string_view>
#include <vector>

namespace framewire {
namespace {

bool is_command(std::string_view word, std::span<const command_row> commands) {
    return std::ranges::find(commands, word, &command_row::name) != commands.end();
}

failure unknown_option(std::span<const std::string> words, std::span<const command_row> commands) {
    const auto& option = words.front();
    std::string hint;
    if (option == "-v" || option == "-V") hint = "framewire --version";
    if (option == "-l" || option == "--listen") hint = "'framewire serve' listens";
    const auto command =
        std::ranges::find_if(words, [&](const auto& word) { return is_command(word, commands); });
    if (hint.empty() && command != words.end()) {
        hint = fmt::format("the command comes first: framewire {0} {1}", *command, option);
    }
    return {fmt::format("unknown option '{}'", option), hint};
}

}  // namespace

failure unknown_first_word(std::span<const std::string> words,
                           std::span<const command_row> commands) {
    const auto& word = words.front();
    if (word.starts_with('-')) return unknown_option(words, commands);
    std::vector<std::string_view> known{"help", "version"};
    for (const auto& row : commands) known.emplace_back(row.name);
    const auto unknown = fmt::format("unknown command '{}'", word);
    const auto framings = framing_names();
    const auto name = word.substr(0, word.find_first_of(":,"));
    const bool is_framing = std::ranges::find(framings, name) != framings.end();
    if (is_framing || find_protocol(word) != nullptr) {
        return {unknown, fmt::format("it is a {0}: framewire serve {1}, or connect {1}",
                                     is_framing ? "framing" : "protocol", word)};
    }
    if (address::has_form(word)) {
        return {unknown,
                fmt::format("it is an address: framewire connect {} --framing SPEC", word)};
    }
    const auto near = near_word(word, known);
    return {unknown, near.empty() ? "" : fmt::format("did you mean '{}'?", near)};
}

}  // namespace framewire
