#include "terminal.hpp"

#include <unistd.h>
#include <cstdlib>
#include <string_view>

namespace framewire {

bool terminal_obeys(int descriptor) {
    const char* terminal = std::getenv("TERM");
    const char* plain = std::getenv("NO_COLOR");
    return ::isatty(descriptor) != 0 && terminal != nullptr &&
           std::string_view(terminal) != "dumb" && (plain == nullptr || *plain == '\0');
}

}  // namespace framewire
