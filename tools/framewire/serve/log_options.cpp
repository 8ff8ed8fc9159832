#include "log_options.hpp"

#include "framewire/core/quote.hpp"

#include <fmt/format.h>
#include <string>

namespace framewire {
namespace {

result<log_format> format_named(const std::string& name) {
    if (name == "text") return log_format::text;
    if (name == "json") return log_format::object;
    return tl::unexpected(failure{fmt::format("expected text or json, found {}", quote(name))});
}

result<log_level> level_named(const std::string& name) {
    for (const auto level : {log_level::error, log_level::warning, log_level::notice,
                             log_level::info, log_level::debug}) {
        if (name == name_of(level)) return level;
    }
    return tl::unexpected(failure{
        fmt::format("expected error, warning, notice, info or debug, found {}", quote(name))});
}

}  // namespace

void add_log_options(command_page& page, log_settings& into) {
    page.value("--log", "FORMAT", "write the log as FORMAT: text (fields, for programs) or json",
               [&into](const std::string& text) -> result<void> {
                   const auto format = format_named(text);
                   if (!format) return tl::unexpected(format.error());
                   into.format = *format;
                   return {};
               })
        .seldom();
    page.value("--log-level", "LEVEL",
               "write what matters as much as LEVEL: error, warning, notice (default), info (each "
               "connection) or debug",
               [&into](const std::string& text) -> result<void> {
                   const auto level = level_named(text);
                   if (!level) return tl::unexpected(level.error());
                   into.level = *level;
                   return {};
               })
        .seldom()
        .reloadable();
    page.number("--log-rate", into.lines_per_second,
                "write at most N lines a second of each kind about connections; 0: all")
        .seldom()
        .reloadable();
}

}  // namespace framewire
