#include "event_options.hpp"

#include "file.hpp"
#include "json_event.hpp"
#include "print.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace framewire {

void event_options::check(bool has_other, std::string_view other) const {
    if (json && timestamps) throw usage_error({"either --json or --timestamps"});
    if (json && has_other) throw usage_error({fmt::format("either --json or {}", other)});
}

// Standard output that cannot be written may be what failed.
void report(std::string_view command_name, const failure& why, const event_options& how) {
    if (how.json) (void)write_all(STDOUT_FILENO, json_failure(why));
    report(command_name, why);
}

void add_event_options(command_page& page, event_options& into) {
    page.flag("--json", into.json, "print each event as a JSON object on a line");
    page.flag("--timestamps", into.timestamps, "print the time before each line").seldom();
}

}  // namespace framewire
