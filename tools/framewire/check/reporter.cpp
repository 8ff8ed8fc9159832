#include "reporter.hpp"

#include "cli/file.hpp"
#include "cli/print.hpp"

#include <utility>

namespace framewire {

check_reporter::check_reporter(const check_options& given, check_report about)
    : given_(given), all_(std::move(about)) {
    if (is_read()) print(heading_of(all_));
}

void check_reporter::add(check_outcome one) {
    if (is_read()) print(text_.add(one));
    all_.outcomes.push_back(std::move(one));
}

int check_reporter::finish() {
    if (is_read()) print(summary_of(all_));
    if (given_.output.empty()) {
        if (!is_read()) print(print_report(all_, given_.format));
    } else if (auto written = write_file(given_.output, print_report(all_, given_.format));
               !written) {
        report("check", written.error());
        return status_failed;
    }
    return all_.is_passed() ? status_done : status_failed;
}

bool check_reporter::is_read() const noexcept {
    return given_.format == report_format::text || !given_.output.empty();
}

}  // namespace framewire
