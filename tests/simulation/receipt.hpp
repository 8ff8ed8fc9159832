#pragma once

#include "conversation.hpp"
#include "wire_form.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::tests {

/// Compares what a peer receives with what it is owed: in order and whole, nothing more, and
/// nothing that it has not asked for.
class receipt {
public:
    enum class rule : std::uint8_t {
        stream,     ///< the bytes of the replies, one after another
        streamed,   ///< the same; a reply may begin before its payload is whole
        unordered,  ///< the replies in any order
        pushes,     ///< the replies in order, and numbered messages between them
        relayed,    ///< what others have sent, in their order
    };

    receipt(const conversation& says, const wire_form& form, rule checks)
        : says_(says), form_(form), rule_(checks), answered_(says.exchanges.size(), false) {}

    /// Takes what has come after so much was sent. Returns what is wrong, or nothing.
    [[nodiscard]] std::string_view take(std::string_view data, std::size_t sent);
    /// How many exchanges are over, of those that were sent: all before the first that is not.
    [[nodiscard]] std::size_t answered(std::size_t sent);
    /// Everything that is owed after so much was sent has come.
    [[nodiscard]] bool has_all_after(std::size_t sent) const;
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
    [[nodiscard]] bool is_stream() const noexcept { return rule_ <= rule::streamed; }
    std::string_view take_relayed(const std::string& payload);
    std::string_view take_frame(const std::string& payload, std::size_t sent);

    const conversation& says_;
    const wire_form& form_;
    rule rule_;
    std::size_t bytes_ = 0;
    std::size_t first_open_ = 0;  // exchange
    std::string part_;            // of a frame
    std::vector<bool> answered_;
    std::size_t pushed_ = 0;
    std::map<std::string, std::uint64_t> relayed_;  // the latest of each sender
};

}  // namespace framewire::tests
