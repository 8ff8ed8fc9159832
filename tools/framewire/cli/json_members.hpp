#pragma once

#include "framewire/core/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

/// The members of one JSON object, as they are added: one line of text that is printable
/// everywhere, as what a terminal obeys or a person does not see is written as `\u001b`. Bytes
/// that are not UTF-8 become U+FFFD.
class json_members {
public:
    /// Adds nothing if the text is empty.
    void add(std::string_view name, std::string_view text);
    /// Adds nothing if there is no number.
    void add(std::string_view name, std::optional<std::uint64_t> number);
    /// A number as JSON has it, such as `0.25`.
    void add_number(std::string_view name, std::string_view number);
    /// As `payload`, or as `payload_base64` if it is not UTF-8.
    void add_payload(bytes data, bool is_truncated);
    /// The object, with a line feed.
    [[nodiscard]] std::string end() { return std::move(out_) + "}\n"; }

private:
    void begin(std::string_view name);

    std::string out_ = "{";
};

}  // namespace framewire
