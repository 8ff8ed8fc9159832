#include "framewire/codec/line.hpp"

#include "spec_reader.hpp"

namespace framewire {

result<line> line::parse(spec_reader& spec) {
    const auto eol = spec.take("eol");
    if (!eol || eol->text == "any") return line{};
    if (eol->text == "crlf") return line{framewire::boundary::line_end(true)};
    if (eol->text == "lf") return line{framewire::boundary("\n")};
    return spec.refuse(eol->position, "lf, crlf or any");
}

}  // namespace framewire
