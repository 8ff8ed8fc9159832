#include "given_messages.hpp"

#include "cli/print.hpp"
#include "cli/protocols.hpp"
#include "framewire/codec/framing_table.hpp"
#include "framewire/core/escapes.hpp"
#include "framewire/io/address.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <algorithm>
#include <utility>

namespace framewire {
namespace {

bool exists(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0;
}

bool is_framing(const std::string& word) {
    const auto framings = framing_names();
    const auto name = word.substr(0, word.find_first_of(":,"));
    return std::ranges::find(framings, name) != framings.end();
}

// Whether a word that is no file can be the next after these, and no message.
bool continues_target(const std::vector<std::string>& words, const std::string& word,
                      bool has_framing) {
    const auto is_name = [&](const std::string& one) {
        return find_protocol(one) != nullptr || (!has_framing && is_framing(one));
    };
    if (words.empty()) return is_name(word) || address::has_form(word);
    return words.size() == 1 && is_name(words.front()) && address::has_form(word);
}

std::string or_wrong_usage(result<std::string> text) {
    if (!text) throw usage_error(text.error());
    return std::move(*text);
}

void warn_of_name(const std::string& word) {
    report("send", {fmt::format("'{}' is sent as text; there is also a file of that name", word),
                    "to send the file, put its name after --file"});
}

}  // namespace

given_messages::given_messages(const std::vector<given_word>& all) {
    const bool has_framing = std::ranges::find(all, "--framing", &given_word::option) != all.end();
    bool after_file = false;
    for (const auto& one : all) {
        const bool is_target =
            !exists(one.text) && continues_target(words_, one.text, has_framing);
        const bool is_word = one.option.empty() && (!after_file || is_target);
        if (is_word) {
            words_.push_back(one.text);
            parts_.push_back({kind::word, one.text});
        } else if (one.option.empty() || one.option == "--file") {
            parts_.push_back({kind::file, one.text});
        } else if (one.option == "--hex") {
            parts_.push_back({kind::hex, one.text});
        }
        after_file = one.option == "--file" || (after_file && one.option.empty());
    }
}

bool given_messages::has_files() const noexcept {
    return std::ranges::find(parts_, kind::file, &part::what) != parts_.end();
}

result<std::vector<message>> given_messages::open(std::size_t words_of_target,
                                                  const std::vector<std::string>& after_border,
                                                  bool unescapes, const framing& frames,
                                                  std::uint64_t held_bytes_max) const {
    std::vector<message> all;
    const auto add_word = [&](const std::string& word) {
        all.emplace_back(unescapes ? or_wrong_usage(unescape(word)) : word);
    };
    for (const auto& one : parts_) {
        if (one.what == kind::file) {
            auto opened = open_message(one.text, frames, held_bytes_max);
            if (!opened) return tl::unexpected(opened.error());
            all.push_back(std::move(*opened));
        } else if (one.what == kind::hex) {
            all.emplace_back(or_wrong_usage(parse_hex(one.text)));
        } else if (words_of_target > 0) {
            --words_of_target;
        } else {
            if (has_files() && exists(one.text)) warn_of_name(one.text);
            add_word(one.text);
        }
    }
    for (const auto& word : after_border) add_word(word);
    return all;
}

}  // namespace framewire
