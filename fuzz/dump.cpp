// A text that describes bytes, and what other programs print of the same input.

#include "dump/dump.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/utf8.hpp"
#include "framewire/transcript/transcript.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace framewire::fuzz {
namespace {

[[noreturn]] void refute(std::string_view claim, std::string_view text,
                         std::string_view details = {}) {
    std::string words = "\nthis does not hold: ";
    words.append(claim).append("\n\n").append(text).append("\n").append(details).append("\n");
    std::fputs(words.c_str(), stderr);
    std::abort();
}

std::vector<std::string> parts(const dump& found) {
    std::vector<std::string> out;
    for (const auto& one : found.pieces) out.push_back(one.data);
    return out;
}

void expect_read(const std::string& text, const std::vector<std::string>& pieces,
                 const dump_options& options = {}) {
    const auto found = read_dump(text, options);
    if (!found) refute("what is printed can be read", text, found.error().message());
    if (parts(*found) != pieces) refute("what is printed reads the same", text);
}

template <class... Values>
std::string print(const char* format, Values... values) {
    std::array<char, 32> out{};
    std::snprintf(out.data(), out.size(), format, values...);
    return out.data();
}

// As `xxd` and `hexdump -C` do, with `columns` bytes on a line.
std::string print_dump(std::string_view input, std::size_t columns, bool bars) {
    std::string out;
    for (std::size_t at = 0; at < input.size(); at += columns) {
        const auto line = input.substr(at, columns);
        out += print(bars ? "%08zx " : "%08zx:", at);
        std::string shown;
        for (std::size_t i = 0; i < columns; ++i) {
            if (bars || i % 2 == 0) out += ' ';
            if (bars && i == 8) out += ' ';
            if (i >= line.size()) {
                out += "  ";
                continue;
            }
            const auto byte = static_cast<unsigned char>(line[i]);
            out += print("%02x", static_cast<unsigned>(byte));
            shown += byte >= 0x20 && byte < 0x7F ? line[i] : '.';
        }
        out += bars ? "  |" + shown + "|\n" : "  " + shown + "\n";
    }
    return bars ? out + print("%08zx\n", input.size()) : out;
}

// As `od -A x -t x2` does; zeros fill the last word.
std::string print_words(std::string_view input, bool little) {
    constexpr std::size_t columns = 16;
    std::string out;
    for (std::size_t at = 0; at < input.size(); at += 2) {
        if (at % columns == 0) out += print(at == 0 ? "%06zx" : "\n%06zx", at);
        const auto first = static_cast<unsigned char>(input[at]);
        const auto second =
            static_cast<unsigned char>(at + 1 < input.size() ? input[at + 1] : '\0');
        out += print(" %02x%02x", static_cast<unsigned>(little ? second : first),
                     static_cast<unsigned>(little ? first : second));
    }
    return out + print("\n%06zx\n", input.size());
}

void expect_same_when_printed(const dump& found) {
    // With fewer other bytes around it, such a framing would make the text binary.
    if (count_utf8(found.framing.value_or("")) == unknown_length) return;
    std::string text = found.framing ? "framing " + *found.framing + "\n" : "";
    for (const auto& one : found.pieces) {
        text += "< " + print_bytes(one.data);
        text += found.cut && &one == &found.pieces.back() ? "\n# and 5 more bytes\n" : "\n";
    }
    const auto again = read_dump(text);
    if (!again) refute("a printed transcript can be read", text, again.error().message());
    if (parts(*again) != parts(found) || again->cut != found.cut) {
        refute("a printed transcript reads the same", text);
    }
    if (again->framing.value_or("") != found.framing.value_or("")) {
        refute("a framing stays the same", text);
    }
}

void expect_refusal(std::string_view text, const failure& why) {
    const bool has_place =
        why.message().starts_with("line ") && why.message().find(", column ") != std::string::npos;
    if (!has_place && !why.message().starts_with("there are no bytes") &&
        !why.message().starts_with("piece ")) {
        refute("a refusal says where", text, why.message());
    }
}

}  // namespace
}  // namespace framewire::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace framewire;
    const std::string input(reinterpret_cast<const char*>(data), size);
    if (const auto found = read_dump(input)) {
        fuzz::expect_same_when_printed(*found);
    } else {
        fuzz::expect_refusal(input, found.error());
    }
    for (const auto& options :
         {dump_options{.little_words = true}, dump_options{.little_words = false},
          dump_options{.base64 = true}, dump_options{.skip = 1 + size % 40}}) {
        const auto found = read_dump(input, options);
        if (!found) fuzz::expect_refusal(input, found.error());
    }
    if (input.empty()) return 0;
    fuzz::expect_read(input, {input}, {.binary = true});
    for (const bool little : {true, false}) {
        fuzz::expect_read(fuzz::print_words(input, little), {input}, {.little_words = little});
    }
    const auto columns = 1 + size % 20;
    for (const auto& text :
         {print_bytes(input), quote(input), hex(input), fuzz::print_dump(input, columns, false),
          fuzz::print_dump(input, columns, true)}) {
        fuzz::expect_read(text, {input});
    }
    return 0;
}
