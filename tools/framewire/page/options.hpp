#pragma once

#include "cli/command_line.hpp"
#include "cli/tls_options.hpp"
#include "framewire/transcript/transcript.hpp"
#include "walkthrough/chunking.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace framewire {

/// A walkthrough as a page instead of text.
struct page_options {
    std::string html;
    /// The port; zero lets the system choose.
    std::optional<std::uint16_t> port;
    tls_options tls;  ///< for it
    /// The words before the messages: perhaps a protocol.
    std::vector<std::string> words;
    /// True for bytes from elsewhere: the page opens where they fail, or at their end.
    bool captured = false;
    /// The two ends of a captured stream; empty if they are not known.
    std::string client{};
    std::string server{};

    [[nodiscard]] bool wanted() const noexcept { return !html.empty() || port; }
};

void add_page_options(command_page& page, page_options& into);

/// Writes the page, or serves it until a signal; returns the exit status.
[[nodiscard]] int run_page(const page_options& options, const transcript& conversation,
                           const chunking& cuts);

}  // namespace framewire
