#include "framewire/codec/until_end.hpp"

namespace framewire {
namespace {

constexpr bytes end_name = "the end of the stream";

}  // namespace

decoded until_end_decoder::next(bytes& input) {
    if (has_failed()) return {.what = step::failed};
    if (!input.empty()) {
        const auto found = take_step(input, {.taken = input.size(), .data = input}, end_name);
        if (found.what != step::need_more) return found;
    }
    return {.wanted = 1};
}

decoded until_end_decoder::end_of_stream() {
    if (!inside()) return {};
    bytes none;
    return take_step(none, {.what = reading_step::kind::end}, end_name);
}

}  // namespace framewire
