#include "check_case.hpp"
#include "steps.hpp"

#include <initializer_list>
#include <utility>

namespace framewire {

std::span<const check_row> check_catalogue() {
    static const auto all = [] {
        std::vector<check_row> rows;
        for (const auto part :
             {rows_of_pieces(), rows_of_payloads(), rows_of_lengths(), rows_of_frames(),
              rows_of_first_frames(), rows_of_ends(), rows_of_load(), rows_of_protocols(),
              rows_of_replies(), rows_of_tls()}) {
            rows.insert(rows.end(), part.begin(), part.end());
        }
        return rows;
    }();
    return all;
}

std::vector<check_case> make_cases(const check_subject& subject) {
    std::vector<check_case> all;
    for (const auto& row : check_catalogue()) {
        if (!row.is_for(subject.end)) continue;
        check_case made{.row = &row};
        row.make(subject, made);
        if (!made.scripts.empty() || !made.skipped.empty()) all.push_back(std::move(made));
    }
    return all;
}

}  // namespace framewire
