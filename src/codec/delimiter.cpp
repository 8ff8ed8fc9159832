#include "framewire/codec/delimiter.hpp"

#include "spec_reader.hpp"

namespace framewire {

result<delimiter> delimiter::parse(spec_reader& spec) {
    return spec.unescape(spec.argument(), boundary::bytes_max).map([](const std::string& mark) {
        return delimiter{framewire::boundary(mark)};
    });
}

}  // namespace framewire
