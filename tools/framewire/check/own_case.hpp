#pragma once

#include "case_runner.hpp"
#include "check_case.hpp"
#include "framewire/core/result.hpp"
#include "framewire/transcript/transcript.hpp"
#include "verdict.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace framewire {

/// A case of one's own: a transcript, whose `<` lines are sent to the server, and whose `>` lines
/// it must send. What a session would say of them, the `=` lines, is not compared.
class own_case {
public:
    /// Fails if the file cannot be read or is no transcript. Its first comment is the rule.
    static result<std::unique_ptr<own_case>> read(const std::string& path, std::uint32_t number);
    own_case(const own_case&) = delete;
    own_case& operator=(const own_case&) = delete;

    [[nodiscard]] const check_row& row() const noexcept { return row_; }
    [[nodiscard]] const framing& frames() const noexcept { return conversation_.framing; }
    /// The outcome's row is valid as long as this.
    [[nodiscard]] check_outcome run(const check_plan& plan) const;

private:
    own_case(const std::string& path, transcript conversation, std::uint32_t number);

    std::string path_;
    std::string name_;
    std::string rule_;
    transcript conversation_;
    check_row row_;
};

/// True if a word of the command line is such a file.
[[nodiscard]] bool is_own_case(std::string_view word) noexcept;

}  // namespace framewire
