#pragma once

#include "options.hpp"
#include "report.hpp"
#include "verdict.hpp"

namespace framewire {

/// Prints outcomes as they come, if a person reads them, and the report at the end.
class check_reporter {
public:
    /// Requires: `given` outlives this.
    check_reporter(const check_options& given, check_report about);

    void add(check_outcome one);
    /// The exit status.
    int finish();

private:
    [[nodiscard]] bool is_read() const noexcept;
    void record(const check_outcome& one);

    const check_options& given_;
    check_report all_;
    text_report text_;
    bool is_recorded_ = true;
};

}  // namespace framewire
