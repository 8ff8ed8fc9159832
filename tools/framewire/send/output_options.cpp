#include "output_options.hpp"

#include "cli/print.hpp"
#include "framewire/codec/framing.hpp"

namespace framewire {

void add_output_options(command_page& page, output_options& into) {
    page.text("-o,--output", into.path, "PATH",
              "write payloads to PATH; with %d in it, a file for each");
    page.text("--output-framing", into.framing, "SPEC",
              "write each payload as a frame of SPEC, to keep them apart")
        .seldom();
    page.flag("--raw", into.raw, "print control characters on a terminal as they are").seldom();
    add_event_options(page, into.events);
}

output_form form_of(const output_options& given, const framing& arriving) {
    const bool is_file = given.path || given.framing;
    given.events.check(is_file || given.raw, "--output, --output-framing, --raw");
    if (given.events.timestamps && (is_file || arriving.is_raw())) {
        throw usage_error({"--timestamps needs one line for each message",
                           "use --json for times with whole payloads"});
    }
    output_form form{.path = given.path,
                     .is_raw = given.raw,
                     .has_timestamps = given.events.timestamps,
                     .is_json = given.events.json};
    if (!given.framing) return form;
    auto parsed = framing::parse(*given.framing);
    if (!parsed) {
        throw usage_error(
            {"--output-framing: " + parsed.error().message(), "framewire framings lists them"});
    }
    if (arriving.is_raw()) {
        throw usage_error({"--output-framing: without framing, replies have no boundaries",
                           "say with --framing how the replies are framed"});
    }
    form.frames = std::move(*parsed);
    return form;
}

int status_of(const char* command_name, const result<void>& done, const event_options& events) {
    if (done) return status_done;
    report(command_name, done.error(), events);
    return status_failed;
}

}  // namespace framewire
