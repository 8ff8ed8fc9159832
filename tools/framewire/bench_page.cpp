#include "bench_report.hpp"

namespace framewire {

std::string bench_page(const bench_outcome& /*of*/) { return ""; }

}  // namespace framewire
