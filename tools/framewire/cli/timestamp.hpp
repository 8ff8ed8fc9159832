#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>

namespace framewire {

/// A time of the wall clock, in UTC with microseconds, as RFC 3339 writes it:
/// `2026-11-28T13:16:34.123456Z`. `--json` and `--timestamps` print the same.
class timestamp {
public:
    using clock = std::chrono::system_clock;

    explicit timestamp(clock::time_point at = clock::now()) noexcept;
    [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), text_.size()}; }

private:
    std::array<char, 27> text_{};
};

/// The lines, each after the time and a space.
[[nodiscard]] std::string with_timestamps(std::string_view lines, const timestamp& at);

}  // namespace framewire
