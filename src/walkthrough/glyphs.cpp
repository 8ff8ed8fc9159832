#include "glyphs.hpp"

#include "framewire/core/quote.hpp"
#include "framewire/core/utf8.hpp"

#include <clocale>
#include <cwchar>

namespace framewire {
namespace {

// Widths are Unicode's, whatever the locale of the process. Made once, because it is slow.
locale_t unicode() {
    static const locale_t made = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return made;
}

class unicode_locale {
public:
    unicode_locale() : before_(::uselocale(unicode())) {}
    unicode_locale(const unicode_locale&) = delete;
    unicode_locale& operator=(const unicode_locale&) = delete;
    ~unicode_locale() { ::uselocale(before_); }

private:
    locale_t before_;
};

std::size_t columns_of(bytes character) {
    if (character.size() == 1) return character[0] >= ' ' && character[0] != '\x7F' ? 1 : 0;
    const unicode_locale here;
    std::mbstate_t state{};
    wchar_t code = 0;
    const auto size = std::mbrtowc(&code, character.data(), character.size(), &state);
    if (size != character.size()) return 0;
    const auto columns = ::wcwidth(code);
    return columns > 0 ? static_cast<std::size_t>(columns) : 0;
}

}  // namespace

glyph glyph_of(char byte) {
    if (byte == ' ') return {"␣", 1};
    if (byte > ' ' && byte <= '~') return {std::string(1, byte), 1};
    return hex_of(byte);
}

glyph hex_of(char byte) { return {hex(bytes(&byte, 1)), 2}; }

glyph character_at(bytes input) {
    utf8_counter counter;
    const auto size = counter.advance(input, 1);
    if (counter.characters() != 1) return {};
    const auto character = input.substr(0, size);
    return {std::string(character), is_visible(character) ? columns_of(character) : 0};
}

}  // namespace framewire
