#include "make_command_service.hpp"

#include "exec_service.hpp"
#include "framewire/codec/framing.hpp"
#include "pipe_service.hpp"
#include "program_runner.hpp"

#include <fmt/format.h>
#include <memory>
#include <string>
#include <utility>

namespace framewire {
namespace {

constexpr std::string_view exec_name = "exec:";
constexpr std::string_view pipe_name = "pipe:";

tl::unexpected<failure> no_command(std::string_view spec) {
    return tl::unexpected(
        failure{fmt::format("'{}' has no command", spec), "exec:COMMAND runs /bin/sh -c COMMAND"});
}

result<service_factory> make_exec(std::string command, const limits& bounds,
                                  std::size_t exec_max) {
    auto runner = std::make_shared<program_runner>(exec_max);
    return service_factory(
        [runner, command = std::move(command), output_bytes_max = bounds.assembled_bytes_max] {
            return std::make_unique<exec_service>(runner, command, output_bytes_max);
        });
}

// The option is at the end, so that a command may contain commas, as may the framing.
result<service_factory> make_pipe(std::string_view text, const limits& bounds) {
    constexpr std::string_view key = ",framing=";
    const auto at = text.rfind(key);
    const auto spec = at == std::string_view::npos ? "line" : text.substr(at + key.size());
    auto frames = framing::parse(spec);
    if (!frames) {
        return tl::unexpected(failure{frames.error().message(), "framewire framings lists them"});
    }
    auto plan = std::make_shared<const pipe_plan>(pipe_plan{std::make_shared<program_runner>(0),
                                                            std::string(text.substr(0, at)),
                                                            std::move(*frames), bounds});
    return service_factory([plan] { return std::make_unique<pipe_service>(plan); });
}

}  // namespace

result<service_factory> make_command_service(std::string_view spec, const limits& bounds,
                                             std::size_t exec_max) {
    const auto has_command = [spec](std::string_view name) {
        return spec.size() > name.size() && !spec.substr(name.size()).starts_with(",framing=");
    };
    for (const auto name : {exec_name, pipe_name}) {
        if (spec.starts_with(name) && !has_command(name)) return no_command(spec);
    }
    if (spec.starts_with(exec_name)) {
        return make_exec(std::string(spec.substr(exec_name.size())), bounds, exec_max);
    }
    if (spec.starts_with(pipe_name)) return make_pipe(spec.substr(pipe_name.size()), bounds);
    return make_service(spec).map_error([](failure known) {
        known.hint += ", exec:COMMAND, pipe:COMMAND[,framing=SPEC]";
        return known;
    });
}

}  // namespace framewire
