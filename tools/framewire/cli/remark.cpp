#include "remark.hpp"

#include "timestamp.hpp"

#include <fmt/format.h>

namespace framewire {

remark::remark(remark_format how, std::uint64_t lines, std::string_view why) noexcept {
    const auto end =
        how == remark_format::event
            ? fmt::format_to_n(text_.data(), text_.size(),
                               "{{\"time\":\"{}\",\"event\":\"left_out\",\"count\":{},"
                               "\"message\":\"{}\"}}\n",
                               timestamp().text(), lines, why)
            : fmt::format_to_n(text_.data(), text_.size(), "# {} line{} left out: {}\n", lines,
                               lines == 1 ? "" : "s", why);
    size_ = end.size;
}

}  // namespace framewire
