#pragma once

#include "check_case.hpp"
#include "process_memory.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framewire {

enum class verdict : std::uint8_t { pass, warning, fail, skipped };
[[nodiscard]] std::string_view name_of(verdict what) noexcept;

/// Why a case is not passed, in words for a person.
struct check_finding {
    std::string how{};   ///< of the script
    std::string sent{};  ///< bytes, in the pieces in which they were sent
    std::string expected{};
    std::string seen{};
    std::optional<std::uint64_t> offset{};  ///< in what the server sent
    std::string received{};                 ///< the first bytes that it sent, as in a transcript
    std::string advice{};
    /// The conversation.
    std::string transcript{};
};

struct check_outcome {
    const check_row* row = nullptr;
    verdict what = verdict::pass;
    /// Why it was skipped.
    std::string reason{};
    std::optional<check_finding> finding{};
    /// How many scripts were run.
    std::size_t scripts = 0;
    /// Of the server, where it was read.
    std::optional<memory_use> memory{};
    std::chrono::milliseconds took{0};
};

}  // namespace framewire
