#include "print.hpp"

#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <cstdio>

namespace framewire {

bool print(std::string_view text) {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
           std::fflush(stdout) == 0;
}

void print_error(std::string_view text) {
    (void)std::fwrite(text.data(), 1, text.size(), stderr);
    (void)std::fflush(stderr);
}

void report(std::string_view command_name, const failure& why) {
    auto text = fmt::format("framewire{}{}: ", command_name.empty() ? "" : " ", command_name);
    // It contains words of a user or a peer, which must not break the line or control the
    // terminal.
    append_escaped(why.message(), 0, text);
    if (!why.hint.empty()) text += "\nhint: ";
    append_escaped(why.hint, 0, text);
    print_error(text + '\n');
}

}  // namespace framewire
