// The codec alone, for a program that gets its bytes from somewhere else: a file, a serial line,
// another network library. There is no socket here.
#include <framewire/codec/framing.hpp>
#include <iostream>
#include <string>

int main() {
    const auto frames = framewire::framing::parse("digits:4,count=chars");
    if (!frames) return std::cerr << frames.error().message() << '\n', 1;

    std::string stream;
    for (const auto* payload : {"Hello", "héllo", ""}) {
        if (!frames->encode(payload, stream)) return 1;
    }
    stream += "+001!";  // not a length: a sign is an error

    auto decoder = frames->decoder();
    std::string payload;
    for (framewire::bytes rest = stream; !rest.empty();) {
        // Input may be cut anywhere: here every three bytes, even inside a character.
        auto chunk = rest.substr(0, 3);
        rest.remove_prefix(chunk.size());
        for (auto found = decoder.next(chunk); found.what != framewire::step::need_more;
             found = decoder.next(chunk)) {
            if (found.what == framewire::step::failed) {
                std::cout << decoder.failure().message() << '\n';
                return 0;
            }
            payload += found.piece.payload;
            if (!found.piece.last) continue;
            std::cout << "frame at " << decoder.frame_offset() << ": '" << payload << "'\n";
            payload.clear();
        }
    }
}
