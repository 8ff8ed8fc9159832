// What a page reads besides the command line: what another page was given, and a file.

#include "command_page.hpp"
#include "command_words.hpp"
#include "core/near_word.hpp"
#include "framewire/io/address.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace framewire {
namespace {

using value_kind = option_spec::value_kind;

option_spec* find(page_spec& page, std::string_view long_name) {
    const auto found = std::ranges::find(page.options, long_name, &option_spec::long_name);
    return found == page.options.end() ? nullptr : &*found;
}

result<void> give(page_spec& page, option_spec& option, const std::string& value) {
    ++option.times_given;
    page.given.push_back({option.long_name, value});
    if (option.times_given > 1 && !option.repeats) {
        return tl::unexpected(failure{"given twice"});
    }
    return option.read ? option.read(value) : result<void>{};
}

/// The settings of one file.
class config_page {
public:
    config_page(page_spec& page, const std::string& path) : page_(page), path_(path) {
        for (const auto& one : page.options) {
            if (one.times_given > 0) given_.insert(one.long_name);
        }
        const auto is_address = [](const auto& word) { return address::has_form(word); };
        const auto addresses = std::ranges::count_if(*page.words, is_address);
        has_address_ = addresses > 0;
        has_protocol_ = addresses < std::ssize(*page.words) || given_.contains("--framing");
    }

    result<void> read(const config_setting& one) {
        if (one.name == "protocol") return read_word(one, has_protocol_, true);
        if (one.name == "address") return read_word(one, has_address_, false);
        auto* option = find(page_, "--" + one.name);
        if (option == nullptr)
            return refuse(one, fmt::format("unknown setting '{}'", one.name), near(one.name));
        if (option->prints || option->is_of_command_line) {
            return refuse(one, fmt::format("'{}' is for the command line", one.name));
        }
        if (given_.contains(option->long_name)) return {};
        if ((option->takes == value_kind::none) != one.is_boolean) {
            return refuse(one, option->takes == value_kind::none
                                   ? fmt::format("{}: expected true or false", one.name)
                                   : fmt::format("{}: expected {}", one.name, option->value));
        }
        if (one.is_boolean && one.value == "false") return {};
        const auto read = give(page_, *option, one.is_boolean ? "" : one.value);
        if (read) return {};
        auto why = read.error();
        why.words = fmt::format("{}: {}", one.name, why.words);
        return refuse(one, why);
    }

private:
    result<void> read_word(const config_setting& one, bool has_better, bool is_first) {
        if (has_better) return {};
        if (!is_first && !address::has_form(one.value)) {
            return refuse(one, fmt::format("'{}' is not an address", one.value),
                          "HOST:PORT, [::1]:PORT, :PORT, *:PORT or unix:/path");
        }
        auto& words = *page_.words;
        words.insert(is_first ? words.begin() : words.end(), one.value);
        page_.given.push_back({one.name, one.value});
        return {};
    }

    [[nodiscard]] tl::unexpected<failure> refuse(const config_setting& at,
                                                 const std::string& words,
                                                 const std::string& hint = "") const {
        return refuse(at, failure{words, hint});
    }

    [[nodiscard]] tl::unexpected<failure> refuse(const config_setting& at, failure why) const {
        why.words = fmt::format("{}:{}: {}", path_, at.line, why.words);
        return tl::unexpected(std::move(why));
    }

    [[nodiscard]] std::string near(const std::string& name) const {
        std::vector<std::string_view> known{"protocol", "address", "listen"};
        for (const auto& one : page_.options) {
            known.push_back(std::string_view(one.long_name).substr(2));
        }
        const auto found = near_word(name, known);
        return found.empty() ? "it has the names of the options: framewire serve --help-all"
                             : fmt::format("did you mean '{}'?", found);
    }

    page_spec& page_;
    const std::string& path_;
    std::set<std::string> given_;  // on the command line
    bool has_address_ = false;
    bool has_protocol_ = false;
};

}  // namespace

result<void> command_page::read_again(const std::vector<given_word>& all) {
    for (const auto& one : all) {
        auto* option = find(spec_, one.option);
        if (option == nullptr) {
            spec_.words->push_back(one.text);
            spec_.given.push_back(one);
        } else if (auto read = give(spec_, *option, one.text); !read) {
            return read;
        }
    }
    return {};
}

result<void> command_page::read_config(const std::string& path,
                                       const std::vector<config_setting>& all) {
    config_page page(spec_, path);
    for (const auto& one : all) {
        if (auto read = page.read(one); !read) return read;
    }
    return check_excluded(spec_).map_error([&](const failure& why) {
        return failure{fmt::format("{}: {}", path, why.words), why.hint};
    });
}

}  // namespace framewire
