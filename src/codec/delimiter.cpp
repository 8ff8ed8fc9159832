#include "framewire/codec/delimiter.hpp"

#include "spec_reader.hpp"

namespace framewire {

result<delimiter> delimiter::parse(spec_reader& spec) {
    return spec.unescape(spec.argument(), boundary::bytes_max).map([](const std::string& found) {
        return delimiter{framewire::boundary(found)};
    });
}

}  // namespace framewire
