// Instrumented like the codec, as much of a decoder is inline.

#include "framewire/codec/framing.hpp"

#include "reads.hpp"

namespace framewire::tests {

frames_made make_frames(const std::string& spec, const std::vector<std::string>& payloads) {
    frames_made made;
    const auto framing = framing::parse(spec);
    for (const auto& payload : payloads) {
        const auto begin = made.stream.size();
        if (framing && framing->encode(payload, made.stream)) made.begins.push_back(begin);
    }
    return made;
}

std::size_t decode(const std::string& spec, std::string_view stream,
                   const std::vector<std::size_t>& ends) {
    auto decoder = framing::parse(spec)->decoder();
    std::size_t frames = 0;
    std::size_t begin = 0;
    for (const auto end : ends) {
        auto input = stream.substr(begin, end - begin);
        begin = end;
        make_visible(end);
        while (true) {
            const auto found = decoder.next(input);
            if (found.what == step::need_more || found.what == step::failed) break;
            if (found.what == step::skipped || found.piece.last) ++frames;
        }
    }
    return frames;
}

void read_and_copy(std::string_view stream, std::size_t at, std::size_t times) {
    const volatile char* const byte = stream.data() + at;
    for (std::size_t i = 0; i < times; ++i) (void)*byte;
    std::string copy(times, '\0');
    stream.copy(copy.data(), times, at);
}

}  // namespace framewire::tests
