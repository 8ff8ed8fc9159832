#include "framewire/codec/fixed.hpp"

#include "framewire/core/units.hpp"
#include "prefixed_decoder.ipp"
#include "spec_reader.hpp"

#include <fmt/format.h>

namespace framewire {

std::string fixed_header::expectation() const { return fmt::format("frames of {} bytes", size); }

result<fixed> fixed::parse(spec_reader& spec) {
    const auto size = parse_size(spec.argument().text);
    if (!size || *size == 0) return spec.refuse(spec.argument().position, "a size of at least 1");
    return fixed{*size};
}

tl::expected<std::uint64_t, errc> fixed::measure(bytes payload) const noexcept {
    if (payload.size() != size) return tl::unexpected(errc::frame_wrong_size);
    return payload.size();
}

tl::expected<void, errc> fixed::begin(std::uint64_t announced,
                                      std::string& /*out*/) const noexcept {
    if (announced != size) return tl::unexpected(errc::frame_wrong_size);
    return {};
}

frame_layout fixed::describe() const { return {.length = length_layout{.payload_size = size}}; }

template class prefixed_decoder<fixed_header>;

}  // namespace framewire
