#include "store_framing.hpp"

#include "framewire/core/units.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace framewire {

framing readers_framing() { return *framing::parse("u32be,max=4294967295"); }

limits readers_limits() {
    limits all;
    all.assembled_bytes_max = 4096 * MiB;
    all.service_deadline = std::chrono::milliseconds(0);
    return all;
}

bytes number_of(bytes message) noexcept {
    return message.substr(0, std::min(message.find(' '), message.size() - 1) + 1);
}

std::string write_answer(const store_result<std::string>& answer) {
    if (answer) return '+' + *answer;
    return fmt::format("-{} {}", error_name(answer.error().code), answer.error().words);
}

store_result<std::string> read_answer(bytes text) {
    if (text.starts_with('+')) return std::string(text.substr(1));
    if (!text.empty()) text.remove_prefix(1);
    const auto end = std::min(text.find(' '), text.size());
    for (std::size_t i = 1; i <= errc_count; ++i) {
        const auto code = static_cast<errc>(i);
        if (error_name(code) != text.substr(0, end)) continue;
        return tl::unexpected(
            store_failure{code, std::string(text.substr(std::min(end + 1, text.size())))});
    }
    return tl::unexpected(store_failure{errc::store_failed, std::string(text)});
}

}  // namespace framewire
