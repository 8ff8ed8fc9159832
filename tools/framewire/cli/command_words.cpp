#include "command_words.hpp"

#include "core/near_word.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <string_view>
#include <utility>

namespace framewire {
namespace {

using value_kind = option_spec::value_kind;

bool is_option(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

std::string_view without_dashes(std::string_view name) { return name.substr(2); }

// What people know from other programs, and how it is said here.
std::string foreign_option(std::string_view name) {
    if (name == "-p" || name == "--port") {
        return "the port is a part of the address: 127.0.0.1:7000, or :7000";
    }
    if (name == "-l" || name == "--listen") return "'framewire serve' listens";
    return "";
}

class word_reader {
public:
    word_reader(page_spec& page, std::span<const std::string> words) : page_(page), rest_(words) {}

    result<command_words> run() {
        while (!rest_.empty() && !found_.prints) {
            const auto word = take();
            const auto done = word.starts_with("--") ? read_long(word)
                              : is_option(word)      ? read_short(word)
                                                     : read_word(word);
            if (!done) return tl::unexpected(done.error());
        }
        if (auto conflict = check_excluded(page_); !conflict && !found_.prints) {
            return tl::unexpected(conflict.error());
        }
        return found_;
    }

private:
    std::string take() {
        auto word = rest_.front();
        rest_ = rest_.subspan(1);
        return word;
    }

    result<void> read_word(const std::string& word) {
        if (page_.words == nullptr) {
            return tl::unexpected(failure{fmt::format("unexpected word '{}'", word)});
        }
        page_.words->push_back(word);
        page_.given.push_back({"", word});
        return {};
    }

    result<void> read_long(const std::string& word) {
        const auto equals = word.find('=');
        const auto name = word.substr(0, equals);
        auto* option = find(name);
        if (option == nullptr) return unknown(name);
        if (equals == std::string::npos) return accept(*option, name);
        if (option->takes == value_kind::none) {
            return tl::unexpected(failure{fmt::format("{} takes no value", name)});
        }
        return give(*option, name, word.substr(equals + 1));
    }

    result<void> read_short(const std::string& word) {
        for (std::size_t at = 1; at < word.size(); ++at) {
            const auto name = fmt::format("-{}", word[at]);
            auto* option = find(name);
            if (option == nullptr) return unknown(at == 1 ? word : name);
            const auto value = word.substr(at + 1);
            if (option->takes != value_kind::none && !value.empty()) {
                return give(*option, option->long_name, value);
            }
            if (auto done = accept(*option, option->long_name); !done) return done;
        }
        return {};
    }

    option_spec* find(std::string_view name) {
        const auto found = std::ranges::find_if(page_.options, [&](const option_spec& one) {
            return one.long_name == name || (!name.empty() && one.short_name == name);
        });
        return found == page_.options.end() ? nullptr : &*found;
    }

    tl::unexpected<failure> unknown(const std::string& name) const {
        auto hint = foreign_option(name);
        if (hint.empty() && name.starts_with("--")) {
            std::vector<std::string_view> known;
            known.reserve(page_.options.size());
            for (const auto& one : page_.options) known.push_back(without_dashes(one.long_name));
            const auto near = near_word(without_dashes(name), known);
            if (!near.empty()) hint = fmt::format("did you mean --{}?", near);
        }
        const bool takes_messages = page_.usage.find("MESSAGE") != std::string::npos;
        if (hint.empty() && takes_messages && !name.starts_with("--")) {
            hint = "a message that begins with - goes after --";
        }
        return tl::unexpected(failure{fmt::format("unknown option '{}'", name), hint});
    }

    // The value is the next word, if there is to be one.
    result<void> accept(option_spec& option, const std::string& name) {
        const bool is_next = !rest_.empty() && find(rest_.front()) == nullptr;
        if (option.takes == value_kind::required) {
            if (is_next) return give(option, name, take());
            auto hint = rest_.empty() ? ""
                                      : fmt::format("if '{0}' is its value: {1}={0}",
                                                    rest_.front(), option.long_name);
            return tl::unexpected(
                failure{fmt::format("{} needs a value: {}", name, option.value), hint});
        }
        const bool takes_next = option.takes == value_kind::optional && is_next;
        return give(option, name, takes_next && !is_option(rest_.front()) ? take() : "");
    }

    result<void> give(option_spec& option, const std::string& name, const std::string& value) {
        ++option.times_given;
        page_.given.push_back({option.long_name, value});
        if (option.prints) {
            found_.prints = option.prints;
            return {};
        }
        if (option.times_given > 1 && !option.repeats) {
            return tl::unexpected(failure{fmt::format("{} is given twice", name)});
        }
        return option.read(value).map_error([&](const failure& why) {
            return failure{fmt::format("{}: {}", name, why.words), why.hint, why.place};
        });
    }

    page_spec& page_;
    std::span<const std::string> rest_;
    command_words found_;
};

}  // namespace

result<void> check_excluded(const page_spec& page) {
    for (const auto& one : page.options) {
        for (const auto* other : one.excluded) {
            if (one.times_given > 0 && other->times_given > 0) {
                return tl::unexpected(failure{
                    fmt::format("{} and {} exclude each other", one.long_name, other->long_name)});
            }
        }
    }
    return {};
}

result<command_words> read_words(page_spec& page, std::span<const std::string> words) {
    return word_reader(page, words).run();
}

}  // namespace framewire
