#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace framewire {

/// How a line says that others are missing.
enum class remark_format : std::uint8_t {
    comment,  ///< `# 3 lines left out: WHY`
    event,    ///< the event `left_out` (docs/json.md)
};

/// A line about lines that are missing. Needs no memory. Requires: `why` needs no escapes.
class remark {
public:
    remark(remark_format how, std::uint64_t lines, std::string_view why) noexcept;
    [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), size_}; }

private:
    std::array<char, 160> text_{};
    std::size_t size_ = 0;
};

}  // namespace framewire
