#pragma once

#include "cli/command_page.hpp"

#include <functional>
#include <string>
#include <vector>

namespace framewire {

/// The options of a command line and of the file that its `--config` names. The command line
/// has precedence.
class configuration {
public:
    /// Adds the options to a page; the variables that they set must outlive the configuration.
    using adder = std::function<void(command_page& page)>;

    /// Reads the file now. Throws `usage_error` if a setting is wrong. Requires: `words` are those
    /// of a command line that was read without a failure.
    configuration(const std::string& command, const std::vector<given_word>& words,
                  const adder& add);
    configuration(const configuration&) = delete;
    configuration& operator=(const configuration&) = delete;
    ~configuration() = default;

    /// Empty without `--config`.
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
    friend struct config_changes;

    page_spec spec_;
    std::string path_;
};

/// What differs between two configurations of one command.
struct config_changes {
    config_changes(const configuration& before, const configuration& after);

    /// The options that a running server can take, and others; `protocol` and `address`, too.
    std::vector<std::string> reloadable{};
    std::vector<std::string> fixed{};
};

}  // namespace framewire
