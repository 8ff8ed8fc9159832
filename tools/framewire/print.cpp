#include "print.hpp"

#include <fmt/format.h>
#include <cstdio>

namespace framewire {

void print(std::string_view text) {
    (void)std::fwrite(text.data(), 1, text.size(), stdout);
    (void)std::fflush(stdout);
}

void print_error(std::string_view text) {
    (void)std::fwrite(text.data(), 1, text.size(), stderr);
    (void)std::fflush(stderr);
}

void report(std::string_view command, const failure& why) {
    const auto* space = command.empty() ? "" : " ";
    auto text = fmt::format("framewire{}{}: {}\n", space, command, why.message);
    if (!why.hint.empty()) text += fmt::format("hint: {}\n", why.hint);
    print_error(text);
}

}  // namespace framewire
