#include "event_options.hpp"

#include <fmt/format.h>

namespace framewire {

void event_options::check(bool has_other, std::string_view other) const {
    if (json && timestamps) throw usage_error({"either --json or --timestamps"});
    if (json && has_other) throw usage_error({fmt::format("either --json or {}", other)});
}

void add_event_options(command_page& page, event_options& into) {
    page.flag("--json", into.json, "print each event as a JSON object on a line");
    page.flag("--timestamps", into.timestamps, "print the time before each line").seldom();
}

}  // namespace framewire
