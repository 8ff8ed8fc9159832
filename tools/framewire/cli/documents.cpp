#include "documents.hpp"

#include "completions.hpp"
#include "file.hpp"
#include "manual.hpp"

#include <fmt/format.h>
#include <filesystem>
#include <map>
#include <system_error>

namespace framewire {

result<void> write_documents(const std::string& folder, const page_spec& main,
                             std::span<const page_spec* const> commands,
                             const std::string& version) {
    std::map<std::string, std::string> files{
        {"completions/framewire", bash_completion(commands)},
        {"completions/_framewire", zsh_completion(commands)},
        {"completions/framewire.fish", fish_completion(commands)},
        {"man1/framewire.1", manual_page(main, version, commands)}};
    for (const auto* page : commands) {
        files[fmt::format("man1/framewire-{}.1", page->name)] =
            manual_page(*page, version, commands);
    }
    for (const auto* inner : {"man1", "completions"}) {
        std::error_code error;
        const auto path = folder + "/" + inner;
        std::filesystem::create_directories(path, error);
        if (error) {
            return tl::unexpected(failure{fmt::format("'{}': {}", path, error.message())});
        }
    }
    for (const auto& [name, text] : files) {
        if (auto written = write_file(fmt::format("{}/{}", folder, name), text); !written)
            return written;
    }
    return {};
}

}  // namespace framewire
