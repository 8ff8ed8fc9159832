#include "print.hpp"

#include "file.hpp"
#include "framewire/core/error.hpp"
#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace framewire {

namespace {

// `main` leaves a closed one open for reading only.
std::string words_for(int error) { return error == EBADF ? "it is closed" : system_words(error); }

}  // namespace

print_failure::print_failure(int error)
    : std::runtime_error("cannot write standard output: " + words_for(error)),
      reader_left(error == EPIPE) {}

void print(std::string_view text) {
    // The line editor writes there, too, with a buffer.
    (void)std::fflush(stdout);
    if (!write_all(STDOUT_FILENO, text)) throw print_failure(errno);
}

void print_error(std::string_view text) { (void)write_all(STDERR_FILENO, text); }

std::string report_text(std::string_view command_name, const failure& why) {
    auto text = fmt::format("framewire{}{}: ", command_name.empty() ? "" : " ", command_name);
    // It contains words of a user or a peer, which must not break the line or control the
    // terminal.
    append_escaped(why.message(), 0, text);
    for (std::string_view rest = why.place; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        text += "\n    ";
        append_escaped(rest.substr(0, end), 0, text);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (!why.hint.empty()) text += "\nhint: ";
    append_escaped(why.hint, 0, text);
    return text + '\n';
}

void report(std::string_view command_name, const failure& why) {
    print_error(report_text(command_name, why));
}

}  // namespace framewire
