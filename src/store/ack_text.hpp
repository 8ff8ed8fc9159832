#pragma once

#include "framewire/core/bytes.hpp"
#include "framewire/core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// What is replied to a message: a text in which `{offset}`, `{id}` and `{error}` mean those of
/// the message. `{{` is a brace.
class ack_text {
public:
    /// What may be asked for.
    struct values {
        std::uint64_t offset = 0;
        bytes id{};
        std::string_view error{};
    };

    /// Replaces escapes (`unescape`), too. Fails at a name that is not known.
    static result<ack_text> parse(std::string_view text);

    [[nodiscard]] std::string text(const values& of) const;
    /// True if it is the same forevery message: then it is `text({})`.
    [[nodiscard]] bool is_constant() const noexcept { return parts_.empty(); }

private:
    enum class name : std::uint8_t { offset, id, error };
    struct part {
        std::string before;
        name then;
    };

    std::vector<part> parts_;
    std::string end_;
};

}  // namespace framewire
