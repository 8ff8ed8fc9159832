#include "configuration.hpp"

#include <algorithm>

namespace framewire {
namespace {

std::vector<std::string> values_of(const page_spec& page, const std::string& option) {
    std::vector<std::string> all;
    for (const auto& one : page.given) {
        if (one.option == option) all.push_back(one.text);
    }
    return all;
}

}  // namespace

configuration::configuration(const std::string& command, const std::vector<given_word>& words,
                             const adder& add)
    : spec_{.name = command} {
    command_page page(spec_);
    add(page);
    if (const auto read = page.read_again(words); !read) throw usage_error(read.error());
    const auto found = std::ranges::find(words, "--config", &given_word::option);
    if (found == words.end()) return;
    path_ = found->text;
    const auto settings = read_config_file(path_);
    if (!settings) throw usage_error(settings.error());
    if (const auto read = page.read_config(path_, *settings); !read) {
        throw usage_error(read.error());
    }
}

config_changes::config_changes(const configuration& before, const configuration& after) {
    for (const auto* word : {"protocol", "address"}) {
        if (values_of(before.spec_, word) != values_of(after.spec_, word))
            fixed.emplace_back(word);
    }
    for (const auto& one : after.spec_.options) {
        const auto& name = one.long_name;
        if (values_of(before.spec_, name) == values_of(after.spec_, name)) continue;
        (one.is_reloadable ? reloadable : fixed).push_back(name.substr(2));
    }
}

}  // namespace framewire
