#pragma once

#include "cli/command_line.hpp"
#include "cli/options.hpp"
#include "framewire/core/result.hpp"
#include "messages.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace framewire {

/// The messages of a command line, in its order: words, `--hex BYTES`, and `--file PATH...`, which
/// takes the words after it up to the next option.
class given_messages {
public:
    /// Divides what was given. Words after `--file` that name no file are protocol or address
    /// where those may still come.
    explicit given_messages(const std::vector<given_word>& all);

    /// The words that are protocol, address or messages, for `resolve`.
    [[nodiscard]] const std::vector<std::string>& words() const noexcept { return words_; }

    /// The messages, where the first of `words` are no messages, but protocol and address, and
    /// `after_border` are those after `--`. Files are opened. With `unescapes`, words have
    /// escapes. Reports words that are sent though a file has this name. Throws `usage_error` for
    /// escapes and digits that cannot be read.
    [[nodiscard]] result<std::vector<message>> open(std::size_t words_of_target,
                                                    const std::vector<std::string>& after_border,
                                                    bool unescapes, const framing& frames,
                                                    std::uint64_t held_bytes_max) const;

private:
    enum class kind : std::uint8_t { word, file, hex };
    struct part {
        kind what;
        std::string text;
    };

    [[nodiscard]] bool has_files() const noexcept;

    std::vector<part> parts_;
    std::vector<std::string> words_;
};

}  // namespace framewire
