#include "reporter.hpp"

#include "cli/file.hpp"
#include "cli/print.hpp"

#include <fmt/format.h>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace framewire {

check_reporter::check_reporter(const check_options& given, check_report about)
    : given_(given), all_(std::move(about)) {
    if (is_read()) print(heading_of(all_));
}

void check_reporter::add(check_outcome one) {
    if (is_read()) print(text_.add(one));
    if (!given_.recordings.empty() && one.finding) record(one);
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
    return all_.is_passed() && is_recorded_ ? status_done : status_failed;
}

void check_reporter::record(const check_outcome& one) {
    const auto& found = *one.finding;
    if (found.transcript.empty() || !is_recorded_) return;
    std::string text;
    const auto add = [&](std::string_view what, std::string_view words) {
        if (!words.empty()) text += fmt::format("# {}{}\n", what, words);
    };
    add("", one.row->rule);
    add("case: ", found.how);
    add("expected: ", found.expected);
    add("seen: ", seen_at(found));
    text += found.transcript;
    std::error_code error;
    std::filesystem::create_directories(given_.recordings, error);
    const auto path =
        fmt::format("{}/{}-{}.transcript", given_.recordings, one.row->number, one.row->name);
    if (const auto written = write_file(path, text); !written) {
        report("check", written.error());
        is_recorded_ = false;
    }
}

bool check_reporter::is_read() const noexcept {
    return given_.format == report_format::text || !given_.output.empty();
}

}  // namespace framewire
